package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.store.ApiCredential;
import io.postern.store.ApiCredentialStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlApiCredentialStore(Handle handle) implements ApiCredentialStore {
    private static final RowMapper<ApiCredential> ROW = (row, context) -> new ApiCredential(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            new ServicePrincipalId(row.getString("principal")),
            row.getString("display_name"),
            row.getString("secret_hash"),
            instant(row, "created"),
            instantIfAny(row, "expires"));

    @Override
    public void insert(ApiCredential credential) {
        handle.createUpdate("""
                        INSERT INTO api_credentials (tenant, id, principal, display_name, secret_hash, created, expires)
                        VALUES (:tenant, :id, :principal, :displayName, :hash, :created, :expires)""")
                .bind("tenant", credential.tenant().value())
                .bind("id", credential.id())
                .bind("principal", credential.principal().value())
                .bind("displayName", credential.displayName())
                .bind("hash", credential.secretHash())
                .bind("created", micros(credential.created()))
                .bind("expires", micros(credential.expires()))
                .execute();
    }

    @Override
    public boolean delete(TenantId tenant, String id) {
        return handle.createUpdate("DELETE FROM api_credentials WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public Optional<ApiCredential> findByHash(String secretHash) {
        return handle.createQuery("SELECT * FROM api_credentials WHERE secret_hash = :hash")
                .bind("hash", secretHash)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<ApiCredential> of(TenantId tenant, ServicePrincipalId principal) {
        return handle.createQuery("""
                        SELECT * FROM api_credentials WHERE tenant = :tenant AND principal = :principal
                        ORDER BY created, id""")
                .bind("tenant", tenant.value())
                .bind("principal", principal.value())
                .map(ROW)
                .list();
    }
}
