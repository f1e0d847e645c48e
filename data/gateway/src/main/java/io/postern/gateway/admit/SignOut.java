package io.postern.gateway.admit;

import io.netty.util.AsciiString;
import io.postern.domain.PreAuthentication;
import io.postern.domain.SessionId;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.RequestCookies;
import io.postern.gateway.exchange.RequestHead;
import io.postern.token.KeyRing;
import io.postern.token.SignOutProof;
import java.util.List;
import java.util.Optional;

/// Ends the sessions of one host in this browser and goes on to the identity provider, which ends the
/// session that all applications share. Thread-safe.
final class SignOut {
    private static final AsciiString FETCH_SITE = AsciiString.cached("sec-fetch-site");

    private final AccessCookie accessCookie;
    private final SignOutProof proofs;

    SignOut(KeyRing ring, AccessCookie accessCookie) {
        this.accessCookie = accessCookie;
        this.proofs = new SignOutProof(ring);
    }

    /// @param applications all of the host, at least one of them pre-authenticated
    Answer answer(RequestHead head, List<PublishedApplication> applications, ClientFacts client) {
        List<PublishedApplication> own = applications.stream()
                .filter(a -> a.preAuthentication() == PreAuthentication.POSTERN)
                .toList();
        PublishedApplication first = own.getFirst();
        String back = LoginUrls.encode(first.externalUrl().at(client.publicPort()));
        String proof = session(head, own)
                .map(session -> '&' + SignOutProof.PARAMETER + '=' + proofs.seal(session.value(), client.now()))
                .orElse("");
        return Answers.redirect(
                LoginUrls.of(first, client).logout() + "?post_logout_redirect_uri=" + back + proof,
                "signed_out",
                own.stream().map(CookieText::noAccess).toArray(String[]::new));
    }

    /// Whose end a page of this very host asked for, as the browser says; an expired proof of it will do. Empty where
    /// somebody typed the address or another page led here: then the identity provider asks.
    private Optional<SessionId> session(RequestHead head, List<PublishedApplication> own) {
        if (!"same-origin".contentEquals(head.fields().get(FETCH_SITE, ""))) {
            return Optional.empty();
        }
        return own.stream()
                .flatMap(application -> RequestCookies.find(head.fields(), CookieText.accessName(application.appId()))
                        .value()
                        .flatMap(cookie -> accessCookie.open(cookie.toString(), application.appId()))
                        .flatMap(Subject::session)
                        .stream())
                .findFirst();
    }
}
