package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.texts;

import io.postern.domain.TenantId;
import io.postern.store.CertificateStore;
import io.postern.store.StoredCertificate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlCertificateStore(Handle handle) implements CertificateStore {
    private static final RowMapper<StoredCertificate> ROW = (row, context) -> new StoredCertificate(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            texts(row, "hosts"),
            row.getString("thumbprint"),
            row.getString("subject"),
            row.getString("issuer"),
            instant(row, "issued"),
            instant(row, "expires"),
            row.getBoolean("ordered"),
            row.getString("sealed"),
            instant(row, "created"));

    @Override
    public void insert(StoredCertificate certificate) {
        handle.createUpdate("""
                        INSERT INTO certificates
                            (tenant, id, hosts, thumbprint, subject, issuer, issued, expires, ordered, sealed, created)
                        VALUES (:tenant, :id, :hosts, :thumbprint, :subject, :issuer, :issued, :expires, :ordered,
                            :sealed, :created)""")
                .bind("tenant", certificate.tenant().value())
                .bind("id", certificate.id())
                .bind("hosts", json(certificate.hosts()))
                .bind("thumbprint", certificate.thumbprint())
                .bind("subject", certificate.subject())
                .bind("issuer", certificate.issuer())
                .bind("issued", micros(certificate.issued()))
                .bind("expires", micros(certificate.expires()))
                .bind("ordered", certificate.ordered())
                .bind("sealed", certificate.sealed())
                .bind("created", micros(certificate.created()))
                .execute();
    }

    @Override
    public boolean delete(TenantId tenant, String id) {
        return handle.createUpdate("DELETE FROM certificates WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public Optional<StoredCertificate> find(TenantId tenant, String id) {
        return handle.createQuery("SELECT * FROM certificates WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<StoredCertificate> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM certificates WHERE tenant = :tenant ORDER BY created DESC, id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<StoredCertificate> listAll() {
        return handle.createQuery("SELECT * FROM certificates ORDER BY created DESC, id")
                .map(ROW)
                .list();
    }
}
