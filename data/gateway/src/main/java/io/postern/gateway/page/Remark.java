package io.postern.gateway.page;

import io.postern.domain.OwnHost;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.gateway.exchange.ClientFacts;
import java.util.Optional;

/// What a page says beyond its kind.
///
/// @param text words of the identity provider, in whatever language; shown as text, never as markup; empty for none
/// @param application that is under maintenance, by its name; shown in place of a text
/// @param retry where "try again" leads; an absolute URL of ours
public record Remark(String text, Optional<String> application, Optional<String> retry) {
    public static final Remark NONE = new Remark("", Optional.empty(), Optional.empty());

    /// Names the application, as somebody with several open wants to know which one it is.
    public static Remark maintenance(PublishedApplication application) {
        return new Remark("", Optional.of(application.displayName()), Optional.empty());
    }

    public static Remark retry(String url) {
        return said("", url);
    }

    /// Leads to the page of My Apps where the user gives the name and the password that an application wants
    /// (PWD-2).
    public static Remark password(PublishedApplication application, ClientFacts client) {
        return client.snapshot().applications().stream()
                .filter(one -> one.tenant().equals(application.tenant()))
                .filter(one -> one.upstream() instanceof Upstream.Local(OwnHost host) && host == OwnHost.MYAPPS)
                .findFirst()
                .map(portal -> retry(portal.externalUrl().at(client.publicPort()) + "password/" + application.appId()))
                .orElse(NONE);
    }

    public static Remark said(String text, String url) {
        return new Remark(text, Optional.empty(), Optional.of(url));
    }
}
