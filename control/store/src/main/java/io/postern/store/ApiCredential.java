package io.postern.store;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Optional;

/// An opaque API token of a service principal, kept as a hash.
///
/// @param expires empty: until it is revoked
public record ApiCredential(
        TenantId tenant,
        String id,
        ServicePrincipalId principal,
        String displayName,
        String secretHash,
        Instant created,
        Optional<Instant> expires) {}
