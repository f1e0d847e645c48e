package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.texts;

import io.postern.domain.TenantId;
import io.postern.store.Alert;
import io.postern.store.AlertStore;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlAlertStore(Handle handle) implements AlertStore {
    private static final RowMapper<Alert> ROW = (row, context) -> new Alert(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            row.getString("kind"),
            row.getString("about"),
            texts(row, "arguments"),
            instant(row, "created"),
            row.getInt("attempts"));

    @Override
    public boolean put(Alert alert, boolean told) {
        return handle.createUpdate("""
                        INSERT INTO alerts (tenant, id, kind, about, arguments, created, told, hook, due, attempts)
                        VALUES (:tenant, :id, :kind, :about, :arguments, :created, :told, 'WAITING', :created, 0)
                        ON CONFLICT DO NOTHING""")
                        .bind("tenant", alert.tenant().value())
                        .bind("id", alert.id())
                        .bind("kind", alert.kind())
                        .bind("about", alert.about())
                        .bind("arguments", json(alert.arguments()))
                        .bind("created", micros(alert.created()))
                        .bind("told", told)
                        .execute()
                == 1;
    }

    @Override
    public List<Alert> untold(int limit) {
        return handle.createQuery("SELECT * FROM alerts WHERE told = :told ORDER BY created, id LIMIT :limit")
                .bind("told", false)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public boolean tell(Alert alert) {
        return handle.createUpdate("""
                        UPDATE alerts SET told = :told WHERE tenant = :tenant AND id = :id AND told <> :told""")
                        .bind("tenant", alert.tenant().value())
                        .bind("id", alert.id())
                        .bind("told", true)
                        .execute()
                == 1;
    }

    @Override
    public List<Alert> due(Instant now, int limit) {
        return handle.createQuery("""
                        SELECT * FROM alerts WHERE hook = 'WAITING' AND due <= :now
                        ORDER BY due, created, id LIMIT :limit""")
                .bind("now", micros(now))
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public boolean take(Alert alert, Instant again) {
        return handle.createUpdate("""
                        UPDATE alerts SET due = :again, attempts = attempts + 1
                        WHERE tenant = :tenant AND id = :id AND hook = 'WAITING' AND attempts = :attempts""")
                        .bind("tenant", alert.tenant().value())
                        .bind("id", alert.id())
                        .bind("attempts", alert.attempts())
                        .bind("again", micros(again))
                        .execute()
                == 1;
    }

    @Override
    public void close(Alert alert, boolean sent) {
        handle.createUpdate("UPDATE alerts SET hook = :hook WHERE tenant = :tenant AND id = :id")
                .bind("hook", sent ? "SENT" : "FAILED")
                .bind("tenant", alert.tenant().value())
                .bind("id", alert.id())
                .execute();
    }

    @Override
    public List<Alert> list(TenantId tenant, int limit) {
        return handle.createQuery("SELECT * FROM alerts WHERE tenant = :tenant ORDER BY created DESC, id LIMIT :limit")
                .bind("tenant", tenant.value())
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public Recipients recipients(TenantId tenant) {
        return handle.createQuery("SELECT technical, security FROM alert_recipients WHERE tenant = :tenant")
                .bind("tenant", tenant.value())
                .map((row, context) -> new Recipients(texts(row, "technical"), texts(row, "security")))
                .findOne()
                .orElse(Recipients.NONE);
    }

    @Override
    public void recipients(TenantId tenant, Recipients recipients) {
        handle.createUpdate("""
                        INSERT INTO alert_recipients (tenant, technical, security)
                        VALUES (:tenant, :technical, :security)
                        ON CONFLICT (tenant) DO UPDATE SET technical = excluded.technical,
                            security = excluded.security""")
                .bind("tenant", tenant.value())
                .bind("technical", json(recipients.technical()))
                .bind("security", json(recipients.security()))
                .execute();
    }

    @Override
    public int purge(Instant created) {
        return handle.createUpdate("DELETE FROM alerts WHERE created < :created")
                .bind("created", micros(created))
                .execute();
    }
}
