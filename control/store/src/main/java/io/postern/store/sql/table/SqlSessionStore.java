package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.SessionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlSessionStore(Handle handle) implements SessionStore {
    private static final RowMapper<Row> ROW = (row, context) -> new Row(
            new TenantId(row.getString("tenant")),
            new SessionId(row.getString("id")),
            new UserId(row.getString("user_id")),
            row.getString("secret_hash"),
            instant(row, "authenticated"),
            instant(row, "last_used"),
            instant(row, "expires"),
            row.getBoolean("persistent"),
            row.getString("address"),
            row.getString("user_agent"),
            Set.of(row.getString("methods").split(" ")),
            instantIfAny(row, "mfa"),
            row.getString("device"));

    @Override
    public void insert(Row session) {
        handle.createUpdate("""
                        INSERT INTO sessions (tenant, id, user_id, secret_hash, authenticated, last_used, expires,
                            persistent, address, user_agent, methods, mfa, device)
                        VALUES (:tenant, :id, :user, :hash, :authenticated, :lastUsed, :expires, :persistent, :address,
                            :userAgent, :methods, :mfa, :device)""")
                .bind("tenant", session.tenant().value())
                .bind("id", session.id().value())
                .bind("user", session.user().value())
                .bind("hash", session.secretHash())
                .bind("authenticated", micros(session.authenticated()))
                .bind("lastUsed", micros(session.lastUsed()))
                .bind("expires", micros(session.expires()))
                .bind("persistent", session.persistent())
                .bind("address", session.address())
                .bind("userAgent", session.userAgent())
                .bind("methods", String.join(" ", session.methods()))
                .bind("mfa", micros(session.mfa()))
                .bind("device", session.device())
                .execute();
    }

    @Override
    public Optional<Row> findByHash(String secretHash) {
        return handle.createQuery("SELECT * FROM sessions WHERE secret_hash = :hash")
                .bind("hash", secretHash)
                .map(ROW)
                .findOne();
    }

    @Override
    public boolean touch(SessionId id, Instant lastUsed, Instant expires) {
        return handle.createUpdate("UPDATE sessions SET last_used = :lastUsed, expires = :expires WHERE id = :id")
                        .bind("id", id.value())
                        .bind("lastUsed", micros(lastUsed))
                        .bind("expires", micros(expires))
                        .execute()
                == 1;
    }

    @Override
    public boolean delete(TenantId tenant, SessionId id) {
        return handle.createUpdate("DELETE FROM sessions WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .execute()
                == 1;
    }

    @Override
    public List<Row> of(TenantId tenant, UserId user) {
        return handle.createQuery("""
                        SELECT * FROM sessions WHERE tenant = :tenant AND user_id = :user
                        ORDER BY authenticated, id""")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map(ROW)
                .list();
    }

    @Override
    public Optional<Row> find(TenantId tenant, SessionId id) {
        return handle.createQuery("SELECT * FROM sessions WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Row> ofApplication(TenantId tenant, String appId) {
        return handle.createQuery("""
                        SELECT s.* FROM sessions s
                        JOIN session_clients c ON c.tenant = s.tenant AND c.session_id = s.id
                        WHERE s.tenant = :tenant AND c.app_id = :app ORDER BY s.authenticated, s.id""")
                .bind("tenant", tenant.value())
                .bind("app", appId)
                .map(ROW)
                .list();
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM sessions WHERE expires < :now")
                .bind("now", micros(now))
                .execute();
    }
}
