package io.postern.store;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.List;
import java.util.Optional;

/// Consent that users and administrators gave. There is one grant per client, principal and resource.
public interface PermissionGrantStore {
    /// Replaces the one of the same client, principal and resource, which keeps its id.
    void put(PermissionGrant grant);

    boolean delete(TenantId tenant, String id);

    Optional<PermissionGrant> find(TenantId tenant, String id);

    List<PermissionGrant> list(TenantId tenant);

    /// The user's own, and those for everybody.
    List<PermissionGrant> of(TenantId tenant, ServicePrincipalId client, UserId user);

    List<PermissionGrant> ofUser(TenantId tenant, UserId user);
}
