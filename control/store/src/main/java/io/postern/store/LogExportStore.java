package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;

/// How far the logs have been sent to receivers outside. One node sends to each receiver.
public interface LogExportStore {
    /// A chain with entries that a receiver has not got.
    ///
    /// @param sent number of the last entry that it has
    record Pending(TenantId tenant, LogKind log, long sent) {}

    /// Takes or keeps the right to send to a receiver. @return false while another holds it
    boolean lease(String receiver, String holder, Instant now, Instant expires);

    void release(String receiver, String holder);

    List<Pending> pending(String receiver);

    /// How many entries a receiver has not got, over all chains.
    long backlog(String receiver);

    /// The receiver has every entry up to this one.
    void sent(String receiver, TenantId tenant, LogKind log, long number);
}
