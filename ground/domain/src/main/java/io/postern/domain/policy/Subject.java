package io.postern.domain.policy;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.Optional;

/// Who asks, verified: by a session cookie or by a bearer token.
///
/// @param session empty for a bearer token that is bound to no browser session
/// @param authenticated when the user last proved who he is
/// @param expires after this instant the proof is void
/// @param sessionExpires when the session ends of which the proof is; empty where that is not known
public record Subject(
        TenantId tenant,
        UserId user,
        String userPrincipalName,
        Optional<SessionId> session,
        Instant authenticated,
        Instant expires,
        Optional<Instant> sessionExpires) {
    /// Of a session whose end is not known.
    public Subject(
            TenantId tenant,
            UserId user,
            String userPrincipalName,
            Optional<SessionId> session,
            Instant authenticated,
            Instant expires) {
        this(tenant, user, userPrincipalName, session, authenticated, expires, Optional.empty());
    }

    /// As long-lived streams see it: while the session goes on, the next proof would be given without a question, so
    /// what is open need not end with this one.
    public Subject ofSession() {
        return sessionExpires
                .filter(end -> end.isAfter(expires))
                .map(end -> new Subject(tenant, user, userPrincipalName, session, authenticated, end, sessionExpires))
                .orElse(this);
    }
}
