package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.textIfAny;
import static io.postern.store.sql.table.Columns.textMap;

import io.postern.domain.TenantId;
import io.postern.store.AuditEntry;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Takes audit entries of the time before there were chains into them, in their order, once.
public final class EarlierAudit {
    private EarlierAudit() {}

    /// Cheap when there are none left. @return how many there were
    public static int adopt(Handle handle) {
        List<AuditEntry> entries = handle.createQuery("SELECT * FROM audit_entries ORDER BY happened, place")
                .map((row, context) -> new AuditEntry(
                        row.getString("id"),
                        new TenantId(row.getString("tenant")),
                        instant(row, "happened"),
                        "",
                        row.getString("activity"),
                        row.getString("category"),
                        "Application Proxy",
                        AuditEntry.Initiator.of("", row.getString("initiated_by"), textIfAny(row, "address")),
                        List.of(new AuditEntry.Target(
                                row.getString("target_type"),
                                row.getString("target_id"),
                                row.getString("target_name"))),
                        row.getString("result"),
                        "",
                        textMap(row, "details")))
                .list();
        var logs = new SqlLogStore(handle);
        entries.forEach(logs::append);
        if (!entries.isEmpty()) {
            handle.execute("DELETE FROM audit_entries");
        }
        return entries.size();
    }
}
