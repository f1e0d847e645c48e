package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.TenantId;
import io.postern.store.SigningKeyStore;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlSigningKeyStore(Handle handle) implements SigningKeyStore {
    private static final RowMapper<Row> ROW = (row, context) -> new Row(
            new TenantId(row.getString("tenant")),
            row.getString("key_id"),
            row.getString("public_jwk"),
            row.getString("sealed_private_jwk"),
            instant(row, "activates"),
            instantIfAny(row, "retires"));

    @Override
    public void insert(Row key) {
        handle.createUpdate("""
                        INSERT INTO signing_keys (tenant, key_id, public_jwk, sealed_private_jwk, activates, retires)
                        VALUES (:tenant, :keyId, :publicJwk, :sealed, :activates, :retires)""")
                .bind("tenant", key.tenant().value())
                .bind("keyId", key.keyId())
                .bind("publicJwk", key.publicJwk())
                .bind("sealed", key.sealedPrivateJwk())
                .bind("activates", micros(key.activates()))
                .bind("retires", micros(key.retires()))
                .execute();
    }

    @Override
    public boolean retire(TenantId tenant, String keyId, Instant retires) {
        return handle.createUpdate("UPDATE signing_keys SET retires = :at WHERE tenant = :tenant AND key_id = :keyId")
                        .bind("tenant", tenant.value())
                        .bind("keyId", keyId)
                        .bind("at", micros(retires))
                        .execute()
                == 1;
    }

    @Override
    public List<Row> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM signing_keys WHERE tenant = :tenant ORDER BY activates, key_id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<Row> listAll() {
        return handle.createQuery("SELECT * FROM signing_keys ORDER BY tenant, activates, key_id")
                .map(ROW)
                .list();
    }
}
