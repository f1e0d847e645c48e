package io.postern.identity.oidc;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.identity.protocol.Fault;
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

    sealed interface State {
        record Holds(User user) implements State {}

        record Over(Fault fault) implements State {}
    }

    /// The user of a delegated token; empty for every other token, and when it holds no more.
    Optional<User> user(TenantId tenant, JwtVerifier.Result.Valid token) {
        return switch (state(tenant, token)) {
            case State.Holds(User user) -> Optional.of(user);
            case State.Over over -> Optional.empty();
        };
    }

    /// The same with the reason.
    State state(TenantId tenant, JwtVerifier.Result.Valid token) {
        UserId id;
        SessionId sid;
        try {
            id = new UserId(token.text("oid"));
            sid = new SessionId(token.text("sid"));
        } catch (IllegalArgumentException e) {
            return new State.Over(Fault.subjectTokenInvalid("it is no token of a user"));
        }
        Optional<User> user = store.read(s -> s.users().find(tenant, id));
        if (user.isEmpty()) {
            return new State.Over(Fault.userGone());
        }
        if (!user.get().accountEnabled()) {
            return new State.Over(Fault.userDisabled());
        }
        if (authenticated(token).isBefore(user.get().sessionsValidFrom().truncatedTo(ChronoUnit.SECONDS))) {
            return new State.Over(Fault.freshTokenNeeded());
        }
        return sessions.find(tenant, id, sid).isPresent() || hasFamily(tenant, id, sid)
                ? new State.Holds(user.get())
                : new State.Over(Fault.sessionEnded());
    }

    private boolean hasFamily(TenantId tenant, UserId user, SessionId sid) {
        return store.read(s -> s.refreshFamilies().find(sid))
                .filter(family -> family.tenant().equals(tenant)
                        && family.user().equals(user)
                        && family.ended().isEmpty()
                        && clock.instant().isBefore(family.expires()))
                .isPresent();
    }

    static Instant authenticated(JwtVerifier.Result.Valid token) {
        return token.claims().get("auth_time") instanceof Number seconds
                ? Instant.ofEpochSecond(seconds.longValue())
                : Instant.EPOCH;
    }
}
