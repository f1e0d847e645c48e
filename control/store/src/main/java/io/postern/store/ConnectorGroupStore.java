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

    boolean delete(TenantId tenant, ConnectorGroupId id);

    Optional<ConnectorGroup> find(TenantId tenant, ConnectorGroupId id);

    Optional<ConnectorGroup> findByName(TenantId tenant, String name);

    ConnectorGroup defaultGroup(TenantId tenant);

    List<ConnectorGroup> list(TenantId tenant);
}
