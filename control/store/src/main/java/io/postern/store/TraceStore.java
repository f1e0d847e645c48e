package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.snapshot.Trace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Traces and what they recorded. A trace goes with its application.
public interface TraceStore {
    void insert(TraceRun run);

    Optional<TraceRun> find(TenantId tenant, String id);

    /// Newest first.
    List<TraceRun> list(TenantId tenant);

    /// Of all tenants.
    List<Trace> running(Instant now);

    boolean end(TenantId tenant, String id, Instant ends);

    boolean delete(TenantId tenant, String id);

    /// Keeps an exchange, while there is room; else it is counted as missed.
    ///
    /// @param entry JSON
    /// @param missed before it
    void note(String id, String exchange, Instant started, String entry, int missed, int exchangesMax, long bytesMax);

    /// In the order in which they began.
    List<String> entries(TenantId tenant, String id);

    int purge(Instant endedBefore);
}
