package io.postern.gateway.admit;

import io.netty.util.AsciiString;
import io.postern.domain.event.Cause;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.RequestCookies;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.page.ErrorPages;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.util.Optional;

/// Sends a user to the identity provider: authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636),
/// steps 1 and 2 of section 1.5. [Callback] takes the user back.
final class SignIn {
    /// Longer targets could not come back: sealed and encoded they must fit twice through a request
    /// line, with room to spare below the edge's 64 KiB.
    static final int TARGET_CHARACTERS_MAX = 24 * 1024;

    private final Sealer sealer;
    private final ErrorPages pages;

    SignIn(KeyRing ring, ErrorPages pages) {
        this.sealer = SignInState.sealer(ring);
        this.pages = pages;
    }

    /// @param location of the identity provider
    /// @param cookie to be set; empty where the browser has it
    record Begun(String location, Optional<String> cookie) {}

    Answer start(RequestHead head, PublishedApplication application, ClientFacts client) {
        if (head.target().length() > TARGET_CHARACTERS_MAX) {
            return pages.page(Cause.LONG_TARGET, head, client);
        }
        Begun begun = begin(head, application, client);
        return Fragment.leave(
                head, begun.location(), "challenged", begun.cookie().stream().toArray(String[]::new));
    }

    /// @param head whose target is not too long
    Begun begin(RequestHead head, PublishedApplication application, ClientFacts client) {
        // tabs that sign in side by side share the binding; a second one would shut the first tab out
        Optional<String> kept = RequestCookies.find(head.fields(), CookieText.bindingName(application.appId()))
                .value()
                .map(AsciiString::toString)
                .filter(v -> v.length() == SignInState.random().length());
        String binding = kept.orElseGet(SignInState::random);
        var state = SignInState.start(application.appId(), head.target(), binding, client.now());
        String location = LoginUrls.of(application, client).authorize()
                + "?client_id=" + application.appId()
                + "&response_type=code"
                + "&redirect_uri=" + LoginUrls.encode(LoginUrls.callback(application, client))
                + "&scope=openid%20profile"
                + "&state="
                + state.seal(sealer, application.externalUrl().host())
                + "&nonce=" + state.nonce()
                + "&code_challenge=" + state.codeChallenge()
                + "&code_challenge_method=S256";
        return new Begun(
                location, kept.isPresent() ? Optional.empty() : Optional.of(CookieText.binding(application, binding)));
    }
}
