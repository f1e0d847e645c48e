package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;
import static io.postern.store.sql.table.Columns.textMap;

import io.postern.domain.TenantId;
import io.postern.store.AuditEntry;
import io.postern.store.AuditStore;
import java.util.List;
import org.jdbi.v3.core.Handle;

record SqlAuditStore(Handle handle) implements AuditStore {
    @Override
    public void append(AuditEntry entry) {
        handle.createUpdate("""
                        INSERT INTO audit_entries (tenant, id, happened, activity, category, initiated_by, address,
                            target_type, target_id, target_name, result, details)
                        VALUES (:tenant, :id, :happened, :activity, :category, :initiatedBy, :address, :targetType,
                            :targetId, :targetName, :result, :details)""")
                .bind("tenant", entry.tenant().value())
                .bind("id", entry.id())
                .bind("happened", micros(entry.time()))
                .bind("activity", entry.activity())
                .bind("category", entry.category())
                .bind("initiatedBy", entry.initiatedBy())
                .bind("address", entry.address().orElse(null))
                .bind("targetType", entry.targetType())
                .bind("targetId", entry.targetId())
                .bind("targetName", entry.targetName())
                .bind("result", entry.result())
                .bind("details", json(entry.details()))
                .execute();
    }

    @Override
    public List<AuditEntry> list(TenantId tenant, int limit) {
        return handle.createQuery("""
                        SELECT * FROM audit_entries WHERE tenant = :tenant
                        ORDER BY happened DESC, place DESC LIMIT :limit""")
                .bind("tenant", tenant.value())
                .bind("limit", limit)
                .map((row, context) -> new AuditEntry(
                        row.getString("id"),
                        new TenantId(row.getString("tenant")),
                        instant(row, "happened"),
                        row.getString("activity"),
                        row.getString("category"),
                        row.getString("initiated_by"),
                        textIfAny(row, "address"),
                        row.getString("target_type"),
                        row.getString("target_id"),
                        row.getString("target_name"),
                        row.getString("result"),
                        textMap(row, "details")))
                .list();
    }
}
