package io.postern.gateway.admit;

import io.postern.domain.PreAuthentication;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import java.util.List;

/// Ends the sessions of one host in this browser and goes on to the identity provider, which ends the
/// session that all applications share.
final class SignOut {
    private SignOut() {}

    /// @param applications all of the host, at least one of them pre-authenticated
    static Answer answer(List<PublishedApplication> applications, ClientFacts client) {
        String[] cookies = applications.stream()
                .filter(a -> a.preAuthentication() == PreAuthentication.POSTERN)
                .map(CookieText::noAccess)
                .toArray(String[]::new);
        PublishedApplication first = applications.stream()
                .filter(a -> a.preAuthentication() == PreAuthentication.POSTERN)
                .findFirst()
                .orElseThrow();
        String back = LoginUrls.encode(first.externalUrl().at(client.publicPort()));
        return Answers.redirect(
                LoginUrls.of(first, client).logout() + "?post_logout_redirect_uri=" + back, "signed_out", cookies);
    }
}
