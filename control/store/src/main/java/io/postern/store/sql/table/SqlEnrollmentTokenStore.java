package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import io.postern.store.EnrollmentTokenStore;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlEnrollmentTokenStore(Handle handle) implements EnrollmentTokenStore {
    @Override
    public void insert(Row token) {
        handle.createUpdate("""
                        INSERT INTO enrollment_tokens (secret_hash, tenant, group_id, expires)
                        VALUES (:hash, :tenant, :group, :expires)""")
                .bind("hash", token.secretHash())
                .bind("tenant", token.tenant().value())
                .bind("group", token.group().value())
                .bind("expires", micros(token.expires()))
                .execute();
    }

    @Override
    public Optional<Row> take(String secretHash, Instant now) {
        return handle.createQuery("DELETE FROM enrollment_tokens WHERE secret_hash = :hash RETURNING *")
                .bind("hash", secretHash)
                .map((row, context) -> new Row(
                        new TenantId(row.getString("tenant")),
                        new ConnectorGroupId(row.getString("group_id")),
                        row.getString("secret_hash"),
                        instant(row, "expires")))
                .findOne()
                .filter(token -> now.isBefore(token.expires()));
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM enrollment_tokens WHERE expires < :now")
                .bind("now", micros(now))
                .execute();
    }
}
