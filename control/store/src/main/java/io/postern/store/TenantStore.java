package io.postern.store;

import io.postern.domain.TenantId;
import java.util.List;
import java.util.Optional;

/// Tenants.
public interface TenantStore {
    /// @throws DuplicateKey when the name or the domain is taken
    void insert(Tenant tenant);

    Optional<Tenant> find(TenantId id);

    Optional<Tenant> findByName(String name);

    /// In order of creation; the first is the service's own.
    List<Tenant> list();
}
