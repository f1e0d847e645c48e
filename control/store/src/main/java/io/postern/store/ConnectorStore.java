package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Connectors.
public interface ConnectorStore {
    void insert(Connector connector);

    boolean update(Connector connector);

    /// Presence only: does not change the configuration version.
    boolean seen(ConnectorId id, Instant when, String externalIp, String machineName, String version);

    boolean delete(TenantId tenant, ConnectorId id);

    Optional<Connector> find(TenantId tenant, ConnectorId id);

    List<Connector> list(TenantId tenant);

    List<Connector> listAll();

    List<Connector> inGroup(TenantId tenant, ConnectorGroupId group);
}
