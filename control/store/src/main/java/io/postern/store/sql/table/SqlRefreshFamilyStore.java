package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.RefreshFamily;
import io.postern.store.RefreshFamilyStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlRefreshFamilyStore(Handle handle) implements RefreshFamilyStore {
    private static final RowMapper<RefreshFamily> ROW = (row, context) -> new RefreshFamily(
            new TenantId(row.getString("tenant")),
            new SessionId(row.getString("id")),
            new UserId(row.getString("user_id")),
            row.getString("app_id"),
            new SessionId(row.getString("session_id")),
            textIfAny(row, "code_hash"),
            row.getString("payload"),
            row.getString("current_hash"),
            textIfAny(row, "previous_hash"),
            row.getLong("generation"),
            instant(row, "created"),
            instant(row, "rotated"),
            instant(row, "expires"),
            instantIfAny(row, "ended"),
            textIfAny(row, "end_reason"));

    @Override
    public void insert(RefreshFamily family) {
        handle.createUpdate("""
                        INSERT INTO refresh_families (tenant, id, user_id, app_id, session_id, code_hash, payload,
                            current_hash, previous_hash, generation, created, rotated, expires, ended, end_reason)
                        VALUES (:tenant, :id, :user, :appId, :session, :code, :payload, :current, :previous, :generation,
                            :created, :rotated, :expires, :ended, :reason)""")
                .bind("tenant", family.tenant().value())
                .bind("id", family.id().value())
                .bind("user", family.user().value())
                .bind("appId", family.appId())
                .bind("session", family.session().value())
                .bind("code", family.codeHash().orElse(null))
                .bind("payload", family.payload())
                .bind("current", family.currentHash())
                .bind("previous", family.previousHash().orElse(null))
                .bind("generation", family.generation())
                .bind("created", micros(family.created()))
                .bind("rotated", micros(family.rotated()))
                .bind("expires", micros(family.expires()))
                .bind("ended", micros(family.ended()))
                .bind("reason", family.endReason().orElse(null))
                .execute();
    }

    @Override
    public Optional<RefreshFamily> find(SessionId id) {
        return handle.createQuery("SELECT * FROM refresh_families WHERE id = :id")
                .bind("id", id.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public boolean rotate(SessionId id, String hash, String freshHash, Instant now, Instant expires) {
        return handle.createUpdate("""
                        UPDATE refresh_families SET previous_hash = current_hash, current_hash = :fresh,
                            generation = generation + 1, rotated = :now, expires = :expires
                        WHERE id = :id AND current_hash = :hash AND ended IS NULL AND expires > :now""")
                        .bind("id", id.value())
                        .bind("hash", hash)
                        .bind("fresh", freshHash)
                        .bind("now", micros(now))
                        .bind("expires", micros(expires))
                        .execute()
                == 1;
    }

    @Override
    public boolean end(TenantId tenant, SessionId id, Instant now, String reason) {
        return handle.createUpdate("""
                        UPDATE refresh_families SET ended = :now, end_reason = :reason
                        WHERE tenant = :tenant AND id = :id AND ended IS NULL""")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .bind("now", micros(now))
                        .bind("reason", reason)
                        .execute()
                == 1;
    }

    @Override
    public List<RefreshFamily> ofUser(TenantId tenant, UserId user, Instant now) {
        return holding("user_id", tenant, user.value(), now);
    }

    @Override
    public List<RefreshFamily> ofSession(TenantId tenant, SessionId session, Instant now) {
        return holding("session_id", tenant, session.value(), now);
    }

    @Override
    public List<RefreshFamily> ofApplication(TenantId tenant, String appId, Instant now) {
        return holding("app_id", tenant, appId, now);
    }

    /// @param column one of ours, never a caller's text
    private List<RefreshFamily> holding(String column, TenantId tenant, String value, Instant now) {
        return handle.createQuery("SELECT * FROM refresh_families WHERE tenant = :tenant AND " + column
                        + " = :value AND ended IS NULL AND expires > :now ORDER BY created DESC, id")
                .bind("tenant", tenant.value())
                .bind("value", value)
                .bind("now", micros(now))
                .map(ROW)
                .list();
    }

    @Override
    public Optional<RefreshFamily> ofCode(String codeHash) {
        return handle.createQuery("SELECT * FROM refresh_families WHERE code_hash = :hash")
                .bind("hash", codeHash)
                .map(ROW)
                .findFirst();
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM refresh_families WHERE expires < :now")
                .bind("now", micros(now))
                .execute();
    }
}
