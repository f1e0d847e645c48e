package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.store.EnrollmentTokenStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlEnrollmentTokenStore(Handle handle) implements EnrollmentTokenStore {
    private static final RowMapper<Row> ROW = (row, context) -> new Row(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            new ConnectorGroupId(row.getString("group_id")),
            row.getString("secret_hash"),
            instant(row, "created"),
            row.getString("created_by"),
            instant(row, "expires"),
            use(row));

    @Override
    public void insert(Row token) {
        handle.createUpdate("""
                        INSERT INTO enrollment_tokens (tenant, id, secret_hash, group_id, created, created_by, expires,
                            used, connector)
                        VALUES (:tenant, :id, :hash, :group, :created, :createdBy, :expires, :used, :connector)""")
                .bind("tenant", token.tenant().value())
                .bind("id", token.id())
                .bind("hash", token.secretHash())
                .bind("group", token.group().value())
                .bind("created", micros(token.created()))
                .bind("createdBy", token.createdBy())
                .bind("expires", micros(token.expires()))
                .bind("used", micros(token.use().map(Use::time)))
                .bind("connector", token.use().map(u -> u.connector().value()).orElse(null))
                .execute();
    }

    @Override
    public Optional<Row> take(String secretHash, Instant now, ConnectorId connector) {
        return handle.createQuery("""
                        UPDATE enrollment_tokens SET used = :now, connector = :connector
                        WHERE secret_hash = :hash AND used IS NULL AND expires > :now RETURNING *""")
                .bind("hash", secretHash)
                .bind("now", micros(now))
                .bind("connector", connector.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<Row> find(String secretHash) {
        return handle.createQuery("SELECT * FROM enrollment_tokens WHERE secret_hash = :hash")
                .bind("hash", secretHash)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Row> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM enrollment_tokens WHERE tenant = :tenant ORDER BY created DESC, id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public boolean delete(TenantId tenant, String id) {
        return handle.createUpdate("DELETE FROM enrollment_tokens WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM enrollment_tokens WHERE expires < :now")
                .bind("now", micros(now))
                .execute();
    }

    private static Optional<Use> use(ResultSet row) throws SQLException {
        String connector = row.getString("connector");
        return connector == null
                ? Optional.empty()
                : instantIfAny(row, "used").map(time -> new Use(time, new ConnectorId(connector)));
    }
}
