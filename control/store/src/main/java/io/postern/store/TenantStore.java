package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.publish.TenantSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tenants.
public interface TenantStore {
    /// @throws DuplicateKey when the name or the domain is taken
    void insert(Tenant tenant);

    Optional<Tenant> find(TenantId id);

    Optional<Tenant> findByName(String name);

    TenantSettings settings(TenantId id);

    /// Of the tenants that have set any.
    Map<TenantId, TenantSettings> settings();

    void set(TenantId id, TenantSettings settings);

    /// In order of creation; the first is the service's own.
    List<Tenant> list();
}
