package io.postern.store;

import io.postern.domain.AppId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Service principals.
public interface ServicePrincipalStore {
    void insert(ServicePrincipal principal);

    boolean update(ServicePrincipal principal);

    /// Removes it with its assignments and credentials.
    boolean delete(TenantId tenant, ServicePrincipalId id);

    Optional<ServicePrincipal> find(TenantId tenant, ServicePrincipalId id);

    /// Those that exist, in any order.
    List<ServicePrincipal> find(TenantId tenant, Collection<ServicePrincipalId> ids);

    Optional<ServicePrincipal> findByAppId(TenantId tenant, AppId appId);

    List<ServicePrincipal> list(TenantId tenant);

    /// Of every tenant: for the snapshot.
    List<ServicePrincipal> listAll();
}
