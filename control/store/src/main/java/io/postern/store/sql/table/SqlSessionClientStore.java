package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.SessionClientStore;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlSessionClientStore(Handle handle) implements SessionClientStore {
    private static final RowMapper<Row> ROW = (row, context) -> new Row(
            new TenantId(row.getString("tenant")),
            new SessionId(row.getString("session_id")),
            row.getString("app_id"),
            new UserId(row.getString("user_id")),
            row.getInt("attempts"),
            instant(row, "next_try"),
            instant(row, "keep_until"));

    @Override
    public void add(Row client) {
        handle.createUpdate("""
                        INSERT INTO session_clients (tenant, session_id, app_id, user_id, attempts, next_try, keep_until)
                        VALUES (:tenant, :session, :appId, :user, :attempts, :nextTry, :keepUntil)
                        ON CONFLICT (tenant, session_id, app_id) DO UPDATE SET keep_until = excluded.keep_until""")
                .bind("tenant", client.tenant().value())
                .bind("session", client.session().value())
                .bind("appId", client.appId())
                .bind("user", client.user().value())
                .bind("attempts", client.attempts())
                .bind("nextTry", micros(client.nextTry()))
                .bind("keepUntil", micros(client.keepUntil()))
                .execute();
    }

    @Override
    public List<Row> of(TenantId tenant, SessionId session) {
        return handle.createQuery("""
                        SELECT * FROM session_clients WHERE tenant = :tenant AND session_id = :session
                        ORDER BY app_id""")
                .bind("tenant", tenant.value())
                .bind("session", session.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<Row> toTell(Instant now, int limit) {
        return handle.createQuery("""
                        SELECT * FROM session_clients c WHERE next_try <= :now AND NOT EXISTS (
                            SELECT 1 FROM sessions s WHERE s.tenant = c.tenant AND s.id = c.session_id)
                        ORDER BY next_try LIMIT :limit""")
                .bind("now", micros(now))
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public boolean claim(Row row, Instant nextTry) {
        return handle.createUpdate("""
                        UPDATE session_clients SET attempts = attempts + 1, next_try = :next
                        WHERE tenant = :tenant AND session_id = :session AND app_id = :appId AND next_try = :seen""")
                        .bind("next", micros(nextTry))
                        .bind("tenant", row.tenant().value())
                        .bind("session", row.session().value())
                        .bind("appId", row.appId())
                        .bind("seen", micros(row.nextTry()))
                        .execute()
                == 1;
    }

    @Override
    public void done(Row row) {
        handle.createUpdate("""
                        DELETE FROM session_clients
                        WHERE tenant = :tenant AND session_id = :session AND app_id = :appId""")
                .bind("tenant", row.tenant().value())
                .bind("session", row.session().value())
                .bind("appId", row.appId())
                .execute();
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM session_clients WHERE keep_until < :now")
                .bind("now", micros(now))
                .execute();
    }
}
