package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.TenantId;
import io.postern.store.LogExportStore;
import io.postern.store.LogKind;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

record SqlLogExportStore(Handle handle) implements LogExportStore {
    private static final String BEHIND = """
            FROM log_chains c LEFT JOIN log_export_cursors e
            ON e.tenant = c.tenant AND e.log = c.log AND e.receiver = :receiver
            WHERE c.number > COALESCE(e.number, 0) AND c.number > c.cut_number""";

    @Override
    public boolean lease(String receiver, String holder, Instant now, Instant expires) {
        return handle.createUpdate("""
                        INSERT INTO log_export_leases (receiver, holder, expires) VALUES (:receiver, :holder, :expires)
                        ON CONFLICT (receiver) DO UPDATE SET holder = excluded.holder, expires = excluded.expires
                        WHERE log_export_leases.holder = excluded.holder OR log_export_leases.expires <= :now""")
                        .bind("receiver", receiver)
                        .bind("holder", holder)
                        .bind("expires", micros(expires))
                        .bind("now", micros(now))
                        .execute()
                == 1;
    }

    @Override
    public void release(String receiver, String holder) {
        handle.createUpdate("DELETE FROM log_export_leases WHERE receiver = :receiver AND holder = :holder")
                .bind("receiver", receiver)
                .bind("holder", holder)
                .execute();
    }

    @Override
    public List<Pending> pending(String receiver) {
        return handle.createQuery(
                        "SELECT c.tenant, c.log, COALESCE(e.number, 0) AS sent " + BEHIND + " ORDER BY c.tenant, c.log")
                .bind("receiver", receiver)
                .map((row, context) -> new Pending(
                        new TenantId(row.getString("tenant")),
                        LogKind.valueOf(row.getString("log")),
                        row.getLong("sent")))
                .list();
    }

    @Override
    public long backlog(String receiver) {
        return handle.createQuery("""
                        SELECT COALESCE(SUM(c.number
                            - CASE WHEN COALESCE(e.number, 0) > c.cut_number THEN e.number ELSE c.cut_number END), 0)
                        """ + BEHIND)
                .bind("receiver", receiver)
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void sent(String receiver, TenantId tenant, LogKind log, long number) {
        handle.createUpdate("""
                        INSERT INTO log_export_cursors (receiver, tenant, log, number)
                        VALUES (:receiver, :tenant, :log, :number)
                        ON CONFLICT (receiver, tenant, log) DO UPDATE SET number = excluded.number
                        WHERE excluded.number > log_export_cursors.number""")
                .bind("receiver", receiver)
                .bind("tenant", tenant.value())
                .bind("log", log.name())
                .bind("number", number)
                .execute();
    }
}
