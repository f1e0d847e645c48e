package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.RevocationStore;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

record SqlRevocationStore(Handle handle) implements RevocationStore {
    @Override
    public void endSession(EndedSession ended) {
        handle.createUpdate("""
                        INSERT INTO ended_sessions (tenant, session_id, keep_until)
                        VALUES (:tenant, :session, :keepUntil)
                        ON CONFLICT (tenant, session_id) DO UPDATE SET keep_until = excluded.keep_until
                        WHERE excluded.keep_until > ended_sessions.keep_until""")
                .bind("tenant", ended.tenant().value())
                .bind("session", ended.session().value())
                .bind("keepUntil", micros(ended.keepUntil()))
                .execute();
    }

    @Override
    public void userNotBefore(UserNotBefore revocation) {
        handle.createUpdate("""
                        INSERT INTO revoked_users (tenant, user_id, not_before, keep_until)
                        VALUES (:tenant, :user, :notBefore, :keepUntil)
                        ON CONFLICT (tenant, user_id) DO UPDATE
                        SET not_before = excluded.not_before, keep_until = excluded.keep_until
                        WHERE excluded.not_before >= revoked_users.not_before""")
                .bind("tenant", revocation.tenant().value())
                .bind("user", revocation.user().value())
                .bind("notBefore", micros(revocation.notBefore()))
                .bind("keepUntil", micros(revocation.keepUntil()))
                .execute();
    }

    @Override
    public boolean liftUser(TenantId tenant, UserId user) {
        return handle.createUpdate("DELETE FROM revoked_users WHERE tenant = :tenant AND user_id = :user")
                        .bind("tenant", tenant.value())
                        .bind("user", user.value())
                        .execute()
                == 1;
    }

    @Override
    public List<EndedSession> sessions() {
        return handle.createQuery("SELECT * FROM ended_sessions ORDER BY tenant, session_id")
                .map((row, context) -> new EndedSession(
                        new TenantId(row.getString("tenant")),
                        new SessionId(row.getString("session_id")),
                        instant(row, "keep_until")))
                .list();
    }

    @Override
    public List<UserNotBefore> users() {
        return handle.createQuery("SELECT * FROM revoked_users ORDER BY tenant, user_id")
                .map((row, context) -> new UserNotBefore(
                        new TenantId(row.getString("tenant")),
                        new UserId(row.getString("user_id")),
                        instant(row, "not_before"),
                        instant(row, "keep_until")))
                .list();
    }

    @Override
    public int purge(Instant now) {
        int purged = 0;
        for (String table : new String[] {"ended_sessions", "revoked_users"}) {
            purged += handle.createUpdate("DELETE FROM " + table + " WHERE keep_until < :now")
                    .bind("now", micros(now))
                    .execute();
        }
        return purged;
    }
}
