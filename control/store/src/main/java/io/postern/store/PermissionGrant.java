package io.postern.store;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Consent: a client may act for a user at a resource (`oauth2PermissionGrants`).
///
/// @param principal who agreed for himself; empty when an administrator agreed for everybody
/// @param resource application id of the resource
/// @param scopes values without the resource
public record PermissionGrant(
        TenantId tenant,
        String id,
        ServicePrincipalId client,
        Optional<UserId> principal,
        String resource,
        Set<String> scopes,
        Instant created) {
    public PermissionGrant {
        scopes = Set.copyOf(scopes);
    }
}
