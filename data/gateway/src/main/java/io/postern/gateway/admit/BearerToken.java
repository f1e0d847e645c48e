package io.postern.gateway.admit;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.token.JwtVerifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Access tokens of our own provider in the Authorization field (RFC 6750 §2.1, section 3.7): issued
/// to a user, for this application. ID tokens and app-only tokens do not open this door.
final class BearerToken {
    /// The one delegated permission that a published application offers (1.1).
    private static final String SCOPE = "user_impersonation";

    private BearerToken() {}

    /// What the request carries.
    sealed interface Presented {
        record Nothing() implements Presented {}

        record Token(String text) implements Presented {}

        /// More than one Authorization field: no telling which one counts (RFC 9110 §11.6.2).
        record Ambiguous() implements Presented {}
    }

    static Presented presented(Http2Headers fields) {
        List<CharSequence> all = fields.getAll("authorization");
        if (all.isEmpty()) {
            return new Presented.Nothing();
        }
        if (all.size() > 1) {
            return new Presented.Ambiguous();
        }
        String value = all.getFirst().toString();
        boolean bearer = value.regionMatches(true, 0, "Bearer", 0, 6)
                && (value.length() == 6 || value.charAt(6) == ' ' || value.charAt(6) == '\t');
        return bearer ? new Presented.Token(value.substring(6).strip()) : new Presented.Nothing();
    }

    /// Empty when the token is not good for this application. Does not ask policy.
    static Optional<Subject> verify(String token, PublishedApplication application, ClientFacts client) {
        var result = client.verifier().verify(token, audiences(application, client), client.now());
        return result instanceof JwtVerifier.Result.Valid valid && isDelegated(valid)
                ? TokenSubject.of(valid, JwtVerifier.SKEW)
                        .filter(s -> s.tenant().equals(application.tenant()))
                : Optional.empty();
    }

    private static Set<String> audiences(PublishedApplication application, ClientFacts client) {
        String app = application.appId().value();
        String url = application.externalUrl().at(client.publicPort());
        String stored = application.externalUrl().toString();
        return Set.copyOf(List.of(app, "api://" + app, url, withoutSlash(url), stored, withoutSlash(stored)));
    }

    private static String withoutSlash(String url) {
        return url.substring(0, url.length() - 1); // identifier URIs stand without it (1.1)
    }

    private static boolean isDelegated(JwtVerifier.Result.Valid token) {
        return !token.text("idtyp").equals("app")
                && Arrays.asList(token.text("scp").split(" ")).contains(SCOPE);
    }
}
