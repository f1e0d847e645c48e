package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.store.SessionClientStore;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

record SqlSessionClientStore(Handle handle) implements SessionClientStore {
    @Override
    public void add(TenantId tenant, SessionId session, String appId, Instant keepUntil) {
        handle.createUpdate("""
                        INSERT INTO session_clients (tenant, session_id, app_id, keep_until)
                        VALUES (:tenant, :session, :appId, :keepUntil)
                        ON CONFLICT (tenant, session_id, app_id) DO UPDATE SET keep_until = excluded.keep_until""")
                .bind("tenant", tenant.value())
                .bind("session", session.value())
                .bind("appId", appId)
                .bind("keepUntil", micros(keepUntil))
                .execute();
    }

    @Override
    public List<String> of(TenantId tenant, SessionId session) {
        return handle.createQuery("""
                        SELECT app_id FROM session_clients WHERE tenant = :tenant AND session_id = :session
                        ORDER BY app_id""")
                .bind("tenant", tenant.value())
                .bind("session", session.value())
                .mapTo(String.class)
                .list();
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM session_clients WHERE keep_until < :now")
                .bind("now", micros(now))
                .execute();
    }
}
