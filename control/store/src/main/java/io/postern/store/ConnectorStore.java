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

    /// The renewed certificate has been used: it takes the place of the old one, which is good no more.
    ///
    /// @return false when it is not the renewed certificate of this connector, or took the place before
    boolean renewedIsUsed(ConnectorId id, String fingerprint);

    /// By the certificate in force or the renewed one.
    Optional<Connector> findByCertificate(String fingerprint);

    boolean delete(TenantId tenant, ConnectorId id);

    /// Enabled connectors that nobody has seen since `since`; of those never seen counts the registration.
    List<Connector> unseenSince(Instant since);

    Optional<Connector> find(TenantId tenant, ConnectorId id);

    List<Connector> list(TenantId tenant);

    List<Connector> listAll();

    List<Connector> inGroup(TenantId tenant, ConnectorGroupId group);
}
