package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import java.util.List;
import java.util.Optional;

/// Connector groups.
public interface ConnectorGroupStore {
    /// @throws DuplicateKey when the tenant has a group of that name
    void insert(ConnectorGroup group);

    boolean update(ConnectorGroup group);

    /// Refused by the database while a connector or an application is in it: move those first.
    boolean delete(TenantId tenant, ConnectorGroupId id);

    Optional<ConnectorGroup> find(TenantId tenant, ConnectorGroupId id);

    Optional<ConnectorGroup> findByName(TenantId tenant, String name);

    /// @throws IllegalStateException when the tenant has none: each tenant is made with one
    ConnectorGroup defaultGroup(TenantId tenant);

    List<ConnectorGroup> list(TenantId tenant);
}
