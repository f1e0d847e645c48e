package io.postern.admin.myapps;

import io.helidon.webserver.http.ServerRequest;
import io.postern.admin.service.AccessCatalogue;
import io.postern.admin.service.AccessServices;
import io.postern.admin.service.Actor;
import io.postern.admin.service.Site;
import io.postern.domain.ExternalDoor;
import io.postern.domain.OwnHost;
import io.postern.domain.TenantId;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Portal;
import io.postern.web.RequestFacts;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.Optional;

/// Who looks at a page of My Apps, and the head that it gets.
final class PortalDesk {
    private final Store store;
    private final Site site;
    private final AccessServices access;

    PortalDesk(Store store, Site site, AccessServices access) {
        this.store = store;
        this.site = site;
        this.access = access;
    }

    /// The user whom the gateway signed in, if he still may.
    Optional<User> user(ServerRequest request) {
        return RequestFacts.of(request)
                .signedIn()
                .flatMap(who -> store.read(stores -> stores.users().find(who.tenant(), who.user())))
                .filter(User::accountEnabled);
    }

    Portal portal(User user, Portal.Tab here) {
        TenantId tenant = user.tenant();
        String account = site.origin(OwnHost.LOGIN) + "/" + tenantName(tenant);
        AccessCatalogue.Glance glance = access.catalogue().glance(user);
        return new Portal(
                user.displayName(),
                user.userPrincipalName(),
                here,
                glance.requests() || here == Portal.Tab.REQUESTS,
                glance.approver() || here == Portal.Tab.APPROVALS,
                glance.waiting(),
                account + "/security-info",
                account + "/sessions",
                ExternalDoor.SIGN_OUT);
    }

    private String tenantName(TenantId id) {
        return store.read(stores -> stores.tenants().find(id)).map(Tenant::name).orElseThrow();
    }

    static Actor actor(ServerRequest request, User user) {
        RequestFacts facts = RequestFacts.of(request);
        return new Actor(
                user.tenant(),
                user.id().value(),
                user.userPrincipalName(),
                Optional.of(facts.clientAddress()),
                facts.exchange());
    }

    /// In words of that language.
    static String time(Instant at, String language) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                        .withLocale(Locale.of(language))
                        .withZone(ZoneOffset.UTC)
                        .format(at)
                + " UTC";
    }

    static String day(Instant at, String language) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM)
                .withLocale(Locale.of(language))
                .withZone(ZoneOffset.UTC)
                .format(at);
    }
}
