package io.postern.store.sql.table;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.DuplicateKey;
import io.postern.store.FederatedIdentityStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlFederatedIdentityStore(Handle handle) implements FederatedIdentityStore {
    private static final RowMapper<Row> ROW = (row, context) -> new Row(
            new TenantId(row.getString("tenant")),
            new IdentityProviderId(row.getString("provider")),
            row.getString("subject"),
            new UserId(row.getString("user_id")),
            Origin.valueOf(row.getString("origin")),
            Columns.instant(row, "linked"),
            Columns.instant(row, "last_used"));

    private static final RowMapper<Session> SESSION = (row, context) -> new Session(
            new TenantId(row.getString("tenant")),
            new SessionId(row.getString("session_id")),
            new IdentityProviderId(row.getString("provider")),
            row.getString("sealed"),
            row.getString("subject"),
            row.getString("session_index"),
            Columns.instant(row, "keep_until"));

    @Override
    public void insert(Row row) {
        int added = handle.createUpdate("""
            INSERT INTO federated_identities
            (tenant, provider, subject, user_id, origin, linked, last_used)
            VALUES (:tenant, :provider, :subject, :user, :origin, :linked, :used)
            ON CONFLICT DO NOTHING\
            """)
                .bind("tenant", row.tenant().value())
                .bind("provider", row.provider().value())
                .bind("subject", row.subject())
                .bind("user", row.user().value())
                .bind("origin", row.origin().name())
                .bind("linked", Columns.micros(row.linked()))
                .bind("used", Columns.micros(row.lastUsed()))
                .execute();
        if (added == 0) {
            throw new DuplicateKey("subject", row.subject());
        }
    }

    @Override
    public Optional<Row> find(TenantId tenant, IdentityProviderId provider, String subject) {
        return handle.createQuery("""
            SELECT * FROM federated_identities
            WHERE tenant = :tenant AND provider = :provider AND subject = :subject\
            """)
                .bind("tenant", tenant.value())
                .bind("provider", provider.value())
                .bind("subject", subject)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Row> of(TenantId tenant, UserId user) {
        return handle.createQuery("""
            SELECT * FROM federated_identities
            WHERE tenant = :tenant AND user_id = :user ORDER BY linked, provider\
            """)
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map(ROW)
                .list();
    }

    @Override
    public boolean delete(TenantId tenant, IdentityProviderId provider, UserId user) {
        return handle.createUpdate("""
            DELETE FROM federated_identities
            WHERE tenant = :tenant AND provider = :provider AND user_id = :user\
            """)
                        .bind("tenant", tenant.value())
                        .bind("provider", provider.value())
                        .bind("user", user.value())
                        .execute()
                == 1;
    }

    @Override
    public void used(Row row, Instant now) {
        handle.createUpdate("""
            UPDATE federated_identities SET last_used = :now
            WHERE tenant = :tenant AND provider = :provider AND subject = :subject\
            """)
                .bind("now", Columns.micros(now))
                .bind("tenant", row.tenant().value())
                .bind("provider", row.provider().value())
                .bind("subject", row.subject())
                .execute();
    }

    @Override
    public long count(TenantId tenant, IdentityProviderId provider) {
        return handle.createQuery(
                        "SELECT count(*) FROM federated_identities WHERE tenant = :tenant AND provider = :provider")
                .bind("tenant", tenant.value())
                .bind("provider", provider.value())
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void begin(Session session) {
        handle.createUpdate("""
            INSERT INTO federated_sessions
            (tenant, session_id, provider, sealed, subject, session_index, keep_until)
            VALUES (:tenant, :session, :provider, :sealed, :subject, :index, :until)
            ON CONFLICT (tenant, session_id) DO UPDATE
            SET provider = :provider, sealed = :sealed, subject = :subject, session_index = :index,
                keep_until = :until\
            """)
                .bind("tenant", session.tenant().value())
                .bind("session", session.session().value())
                .bind("provider", session.provider().value())
                .bind("sealed", session.sealed())
                .bind("subject", session.subject())
                .bind("index", session.index())
                .bind("until", Columns.micros(session.keepUntil()))
                .execute();
    }

    @Override
    public Optional<Session> session(TenantId tenant, SessionId session) {
        return handle.createQuery("SELECT * FROM federated_sessions WHERE tenant = :tenant AND session_id = :session")
                .bind("tenant", tenant.value())
                .bind("session", session.value())
                .map(SESSION)
                .findOne();
    }

    @Override
    public List<Session> sessions(TenantId tenant, IdentityProviderId provider) {
        return handle.createQuery("""
            SELECT * FROM federated_sessions
            WHERE tenant = :tenant AND provider = :provider ORDER BY session_id\
            """)
                .bind("tenant", tenant.value())
                .bind("provider", provider.value())
                .map(SESSION)
                .list();
    }

    @Override
    public List<Session> sessionsOfSubject(TenantId tenant, IdentityProviderId provider, String subject) {
        return handle.createQuery("""
            SELECT * FROM federated_sessions
            WHERE tenant = :tenant AND provider = :provider AND subject = :subject ORDER BY session_id\
            """)
                .bind("tenant", tenant.value())
                .bind("provider", provider.value())
                .bind("subject", subject)
                .map(SESSION)
                .list();
    }

    @Override
    public List<Session> sessionsOfIndex(TenantId tenant, IdentityProviderId provider, String index) {
        return handle.createQuery("""
            SELECT * FROM federated_sessions
            WHERE tenant = :tenant AND provider = :provider AND session_index = :index ORDER BY session_id\
            """)
                .bind("tenant", tenant.value())
                .bind("provider", provider.value())
                .bind("index", index)
                .map(SESSION)
                .list();
    }

    @Override
    public void end(TenantId tenant, SessionId session) {
        handle.createUpdate("DELETE FROM federated_sessions WHERE tenant = :tenant AND session_id = :session")
                .bind("tenant", tenant.value())
                .bind("session", session.value())
                .execute();
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM federated_sessions WHERE keep_until <= :now")
                .bind("now", Columns.micros(now))
                .execute();
    }
}
