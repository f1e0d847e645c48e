package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Connector tokens: single use, kept as a hash.
public interface EnrollmentTokenStore {
    /// @param createdBy name of who minted it
    /// @param use empty while nobody has used it
    record Row(
            TenantId tenant,
            String id,
            ConnectorGroupId group,
            String secretHash,
            Instant created,
            String createdBy,
            Instant expires,
            Optional<Use> use) {}

    /// @param connector that registered with it
    record Use(Instant time, ConnectorId connector) {}

    void insert(Row token);

    /// Uses the token up: whoever asks second gets nothing. One atomic statement.
    ///
    /// @return as it was; empty when it is unknown, used or expired
    Optional<Row> take(String secretHash, Instant now, ConnectorId connector);

    /// Used and expired ones too, until they are purged.
    Optional<Row> find(String secretHash);

    /// Of the tenant, newest first.
    List<Row> list(TenantId tenant);

    boolean delete(TenantId tenant, String id);

    /// Removes tokens that expired before `now`. @return how many
    int purge(Instant now);
}
