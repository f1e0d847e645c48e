package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.store.ClientCredential;
import io.postern.store.ClientCredentialStore;
import io.postern.store.DuplicateKey;
import java.util.List;
import org.jdbi.v3.core.Handle;

record SqlClientCredentialStore(Handle handle) implements ClientCredentialStore {
    @Override
    public void insert(ClientCredential credential) {
        int inserted = handle.createUpdate("""
                        INSERT INTO client_credentials (tenant, id, application, kind, display_name, fingerprint, hint,
                            certificate, starts, expires)
                        VALUES (:tenant, :id, :application, :kind, :displayName, :fingerprint, :hint, :certificate,
                            :starts, :expires)
                        ON CONFLICT (tenant, application, fingerprint) DO NOTHING""")
                .bind("tenant", credential.tenant().value())
                .bind("id", credential.id())
                .bind("application", credential.application().value())
                .bind("kind", credential.kind().name())
                .bind("displayName", credential.displayName())
                .bind("fingerprint", credential.fingerprint())
                .bind("hint", credential.hint())
                .bind("certificate", credential.certificate().orElse(null))
                .bind("starts", micros(credential.starts()))
                .bind("expires", micros(credential.expires()))
                .execute();
        if (inserted == 0) {
            throw new DuplicateKey("certificate", credential.fingerprint());
        }
    }

    @Override
    public boolean delete(TenantId tenant, ObjectId application, String id) {
        return handle.createUpdate("""
                        DELETE FROM client_credentials
                        WHERE tenant = :tenant AND application = :application AND id = :id""")
                        .bind("tenant", tenant.value())
                        .bind("application", application.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public List<ClientCredential> of(TenantId tenant, ObjectId application) {
        return handle.createQuery("""
                        SELECT * FROM client_credentials WHERE tenant = :tenant AND application = :application
                        ORDER BY starts, id""")
                .bind("tenant", tenant.value())
                .bind("application", application.value())
                .map((row, context) -> new ClientCredential(
                        new TenantId(row.getString("tenant")),
                        row.getString("id"),
                        new ObjectId(row.getString("application")),
                        ClientCredential.Kind.valueOf(row.getString("kind")),
                        row.getString("display_name"),
                        row.getString("fingerprint"),
                        row.getString("hint"),
                        textIfAny(row, "certificate"),
                        instant(row, "starts"),
                        instant(row, "expires")))
                .list();
    }
}
