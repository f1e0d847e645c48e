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
public record Subject(
        TenantId tenant,
        UserId user,
        String userPrincipalName,
        Optional<SessionId> session,
        Instant authenticated,
        Instant expires) {}
