package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.Optional;

/// A person of a tenant.
///
/// @param userPrincipalName sign-in name, unique in the service whatever its case
/// @param passwordHash encoded Argon2id hash; empty when no password was set
/// @param sessionsValidFrom proofs made before are void (password changed, sessions revoked)
public record User(
        TenantId tenant,
        UserId id,
        String userPrincipalName,
        String displayName,
        Optional<String> givenName,
        Optional<String> surname,
        Optional<String> mail,
        boolean accountEnabled,
        Optional<String> passwordHash,
        boolean forceChangePassword,
        Instant sessionsValidFrom,
        Instant created) {}
