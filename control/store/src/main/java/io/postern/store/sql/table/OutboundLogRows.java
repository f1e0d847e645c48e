package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.store.OutboundStore.Entry;
import io.postern.store.OutboundStore.Query;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/// What was done at applications.
record OutboundLogRows(Handle handle) {
    private static final RowMapper<Entry> ROW = (row, context) -> new Entry(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            instant(row, "happened"),
            new ServicePrincipalId(row.getString("resource")),
            row.getString("subject"),
            row.getString("result"),
            row.getString("entry"));

    void add(Entry entry) {
        handle.createUpdate("""
            INSERT INTO outbound_log (tenant, id, happened, resource, subject, result, entry)
            VALUES (:tenant, :id, :happened, :resource, :subject, :result, :entry)\
            """)
                .bind("tenant", entry.tenant().value())
                .bind("id", entry.id())
                .bind("happened", micros(entry.happened()))
                .bind("resource", entry.resource().value())
                .bind("subject", entry.subject())
                .bind("result", entry.result())
                .bind("entry", entry.text())
                .execute();
    }

    /// The newest first.
    List<Entry> find(TenantId tenant, Query query) {
        var sql = new StringBuilder("SELECT * FROM outbound_log WHERE tenant = :tenant");
        query.resource().ifPresent(_ -> sql.append(" AND resource = :resource"));
        query.subject().ifPresent(_ -> sql.append(" AND subject = :subject"));
        query.result().ifPresent(_ -> sql.append(" AND result = :result"));
        query.before().ifPresent(_ -> sql.append(" AND (happened, id) < (:happened, :id)"));
        sql.append(" ORDER BY happened DESC, id DESC LIMIT :limit");
        var found = handle.createQuery(sql.toString())
                .bind("tenant", tenant.value())
                .bind("limit", query.limit());
        query.resource().ifPresent(resource -> found.bind("resource", resource.value()));
        query.subject().ifPresent(subject -> found.bind("subject", subject));
        query.result().ifPresent(result -> found.bind("result", result));
        query.before()
                .ifPresent(before ->
                        found.bind("happened", micros(before.happened())).bind("id", before.id()));
        return found.map(ROW).list();
    }

    Optional<Entry> find(TenantId tenant, String id) {
        return handle.createQuery("SELECT * FROM outbound_log WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    int purge(Instant before) {
        return handle.createUpdate("DELETE FROM outbound_log WHERE happened < :before")
                .bind("before", micros(before))
                .execute();
    }
}
