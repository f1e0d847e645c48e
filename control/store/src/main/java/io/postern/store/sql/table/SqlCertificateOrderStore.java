package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;
import static io.postern.store.sql.table.Columns.texts;

import io.postern.domain.TenantId;
import io.postern.store.CertificateOrder;
import io.postern.store.CertificateOrderStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlCertificateOrderStore(Handle handle) implements CertificateOrderStore {
    private static final RowMapper<CertificateOrder> ROW = (row, context) -> new CertificateOrder(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            texts(row, "hosts"),
            CertificateOrder.State.valueOf(row.getString("state")),
            row.getString("problem"),
            row.getInt("attempts"),
            instant(row, "due"),
            textIfAny(row, "certificate"),
            instant(row, "created"));

    @Override
    public void put(CertificateOrder order) {
        handle.createUpdate("""
                        INSERT INTO certificate_orders
                            (tenant, id, hosts, state, problem, attempts, due, certificate, created)
                        VALUES (:tenant, :id, :hosts, :state, :problem, :attempts, :due, :certificate, :created)
                        ON CONFLICT (id) DO UPDATE
                        SET hosts = excluded.hosts, state = excluded.state, problem = excluded.problem,
                            attempts = excluded.attempts, due = excluded.due, certificate = excluded.certificate""")
                .bind("tenant", order.tenant().value())
                .bind("id", order.id())
                .bind("hosts", json(order.hosts()))
                .bind("state", order.state().name())
                .bind("problem", order.problem())
                .bind("attempts", order.attempts())
                .bind("due", micros(order.due()))
                .bind("certificate", order.certificate().orElse(null))
                .bind("created", micros(order.created()))
                .execute();
    }

    @Override
    public boolean delete(TenantId tenant, String id) {
        return handle.createUpdate("DELETE FROM certificate_orders WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public Optional<CertificateOrder> find(TenantId tenant, String id) {
        return handle.createQuery("SELECT * FROM certificate_orders WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<CertificateOrder> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM certificate_orders WHERE tenant = :tenant ORDER BY created, id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<CertificateOrder> due(Instant now) {
        return handle.createQuery("SELECT * FROM certificate_orders WHERE due <= :now ORDER BY due")
                .bind("now", micros(now))
                .map(ROW)
                .list();
    }

    @Override
    public void putChallenge(Challenge challenge) {
        handle.createUpdate("""
                        INSERT INTO acme_challenges (kind, name, content, expires)
                        VALUES (:kind, :name, :content, :expires)
                        ON CONFLICT (kind, name) DO UPDATE
                        SET content = excluded.content, expires = excluded.expires""")
                .bind("kind", challenge.kind().name())
                .bind("name", challenge.name())
                .bind("content", challenge.content())
                .bind("expires", micros(challenge.expires()))
                .execute();
    }

    @Override
    public boolean deleteChallenge(Challenge.Kind kind, String name) {
        return handle.createUpdate("DELETE FROM acme_challenges WHERE kind = :kind AND name = :name")
                        .bind("kind", kind.name())
                        .bind("name", name)
                        .execute()
                == 1;
    }

    @Override
    public List<Challenge> challenges() {
        return handle.createQuery("SELECT * FROM acme_challenges ORDER BY kind, name")
                .map((row, context) -> new Challenge(
                        Challenge.Kind.valueOf(row.getString("kind")),
                        row.getString("name"),
                        row.getString("content"),
                        instant(row, "expires")))
                .list();
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM acme_challenges WHERE expires <= :now")
                .bind("now", micros(now))
                .execute();
    }
}
