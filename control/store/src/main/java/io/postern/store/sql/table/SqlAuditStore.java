package io.postern.store.sql.table;

import io.postern.domain.TenantId;
import io.postern.store.AuditEntry;
import io.postern.store.AuditStore;
import io.postern.store.LogEntry;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import java.util.List;
import org.jdbi.v3.core.Handle;

record SqlAuditStore(Handle handle) implements AuditStore {
    @Override
    public void append(AuditEntry entry) {
        new SqlLogStore(handle).append(entry);
    }

    @Override
    public void append(List<AuditEntry> entries) {
        new SqlLogStore(handle).append(entries);
    }

    @Override
    public List<AuditEntry> list(TenantId tenant, int limit) {
        return new SqlLogStore(handle)
                .find(tenant, LogKind.AUDIT, LogQuery.newest(limit)).stream()
                        .map(LogEntry::text)
                        .map(LogText::audit)
                        .toList();
    }
}
