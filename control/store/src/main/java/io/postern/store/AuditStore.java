package io.postern.store;

import io.postern.domain.TenantId;
import java.util.List;

/// The audit log: append only, in the transaction of the change. See [LogStore] for reading it as it is shown.
public interface AuditStore {
    void append(AuditEntry entry);

    /// In this order.
    default void append(List<AuditEntry> entries) {
        entries.forEach(this::append);
    }

    /// Newest first.
    List<AuditEntry> list(TenantId tenant, int limit);
}
