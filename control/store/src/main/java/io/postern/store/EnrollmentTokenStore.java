package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Optional;

/// Connector tokens: single use, kept as a hash.
public interface EnrollmentTokenStore {
    record Row(TenantId tenant, ConnectorGroupId group, String secretHash, Instant expires) {}

    void insert(Row token);

    /// Takes the token: it is gone afterwards, whoever asks second gets nothing. One atomic statement.
    Optional<Row> take(String secretHash, Instant now);

    /// Removes tokens that expired before `now`. @return how many
    int purge(Instant now);
}
