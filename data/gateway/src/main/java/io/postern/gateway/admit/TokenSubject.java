package io.postern.gateway.admit;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.policy.Subject;
import io.postern.token.JwtVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/// The subject that verified claims name.
final class TokenSubject {
    /// Our own claim: when the session ends of which the token is.
    private static final String SESSION_EXPIRES = "session_exp";

    private TokenSubject() {}

    /// Empty when they name no user.
    ///
    /// @param grace after the token's own expiry, for a clock that is not ours
    static Optional<Subject> of(JwtVerifier.Result.Valid token, Duration grace) {
        try {
            return Optional.of(new Subject(
                    new TenantId(token.text("tid")),
                    new UserId(token.text("oid")),
                    token.text("preferred_username"),
                    token.text("sid").isEmpty() ? Optional.empty() : Optional.of(new SessionId(token.text("sid"))),
                    instant(token, token.claims().containsKey("auth_time") ? "auth_time" : "iat"),
                    instant(token, "exp").plus(grace),
                    token.claims().containsKey(SESSION_EXPIRES)
                            ? Optional.of(instant(token, SESSION_EXPIRES))
                            : Optional.empty()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    // a missing time is the oldest one: every revocation covers it
    private static Instant instant(JwtVerifier.Result.Valid token, String claim) {
        Object value = token.claims().get(claim);
        if (value instanceof Date date) {
            return date.toInstant();
        }
        return value instanceof Number number ? Instant.ofEpochSecond(number.longValue()) : Instant.EPOCH;
    }
}
