package io.postern.identity.oidc;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.Store;
import io.postern.store.User;
import io.postern.token.JwtVerifier;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Does that still hold from which a token came: its user, and the browser session or refresh token that its `sid`
/// names?
final class Liveness {
    private final Store store;
    private final BrowserSessions sessions;
    private final Clock clock;

    Liveness(Store store, BrowserSessions sessions, Clock clock) {
        this.store = store;
        this.sessions = sessions;
        this.clock = clock;
    }

    /// The user of a delegated token; empty for every other token.
    Optional<User> user(TenantId tenant, JwtVerifier.Result.Valid token) {
        try {
            var user = new UserId(token.text("oid"));
            var sid = new SessionId(token.text("sid"));
            Optional<User> bySession = sessions.find(tenant, user, sid).map(BrowserSessions.Current::user);
            return bySession.isPresent() ? bySession : byFamily(tenant, user, sid, authenticated(token));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a token without a user
        }
    }

    private Optional<User> byFamily(TenantId tenant, UserId user, SessionId sid, Instant authenticated) {
        return store.read(s -> s.refreshFamilies()
                .find(sid)
                .filter(family -> family.tenant().equals(tenant)
                        && family.user().equals(user)
                        && family.ended().isEmpty()
                        && clock.instant().isBefore(family.expires()))
                .flatMap(family -> s.users().find(tenant, user))
                .filter(u -> u.accountEnabled()
                        && !authenticated.isBefore(u.sessionsValidFrom().truncatedTo(ChronoUnit.SECONDS))));
    }

    static Instant authenticated(JwtVerifier.Result.Valid token) {
        return token.claims().get("auth_time") instanceof Number seconds
                ? Instant.ofEpochSecond(seconds.longValue())
                : Instant.EPOCH;
    }
}
