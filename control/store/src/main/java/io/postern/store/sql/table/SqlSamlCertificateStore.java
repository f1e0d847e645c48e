package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.store.SamlCertificate;
import io.postern.store.SamlCertificateStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlSamlCertificateStore(Handle handle) implements SamlCertificateStore {
    private static final RowMapper<SamlCertificate> ROW = (row, context) -> new SamlCertificate(
            new TenantId(row.getString("tenant")),
            new AppId(row.getString("app_id")),
            row.getString("key_id"),
            row.getString("display_name"),
            row.getString("thumbprint"),
            row.getString("certificate"),
            row.getString("sealed"),
            row.getBoolean("active"),
            instant(row, "starts"),
            instant(row, "expires"),
            instant(row, "created"));

    @Override
    public void insert(SamlCertificate certificate) {
        handle.createUpdate("""
                        INSERT INTO saml_certificates (tenant, app_id, key_id, display_name, thumbprint, certificate,
                            sealed, active, starts, expires, created)
                        VALUES (:tenant, :app, :key, :name, :thumbprint, :certificate, :sealed, :active, :starts,
                            :expires, :created)""")
                .bind("tenant", certificate.tenant().value())
                .bind("app", certificate.application().value())
                .bind("key", certificate.keyId())
                .bind("name", certificate.displayName())
                .bind("thumbprint", certificate.thumbprint())
                .bind("certificate", certificate.base64())
                .bind("sealed", certificate.sealed())
                .bind("active", certificate.active())
                .bind("starts", micros(certificate.starts()))
                .bind("expires", micros(certificate.expires()))
                .bind("created", micros(certificate.created()))
                .execute();
    }

    @Override
    public boolean activate(TenantId tenant, AppId application, String keyId) {
        if (find(tenant, application, keyId).isEmpty()) {
            return false;
        }
        handle.createUpdate("""
                        UPDATE saml_certificates SET active = (key_id = :key)
                        WHERE tenant = :tenant AND app_id = :app""")
                .bind("tenant", tenant.value())
                .bind("app", application.value())
                .bind("key", keyId)
                .execute();
        return true;
    }

    @Override
    public boolean delete(TenantId tenant, AppId application, String keyId) {
        return handle.createUpdate("""
                        DELETE FROM saml_certificates WHERE tenant = :tenant AND app_id = :app AND key_id = :key""")
                        .bind("tenant", tenant.value())
                        .bind("app", application.value())
                        .bind("key", keyId)
                        .execute()
                == 1;
    }

    @Override
    public Optional<SamlCertificate> find(TenantId tenant, AppId application, String keyId) {
        return list(tenant, application).stream()
                .filter(certificate -> certificate.keyId().equals(keyId))
                .findFirst();
    }

    @Override
    public List<SamlCertificate> list(TenantId tenant, AppId application) {
        return handle.createQuery("""
                        SELECT * FROM saml_certificates WHERE tenant = :tenant AND app_id = :app
                        ORDER BY created DESC, key_id""")
                .bind("tenant", tenant.value())
                .bind("app", application.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<SamlCertificate> listAll() {
        return handle.createQuery("SELECT * FROM saml_certificates ORDER BY tenant, app_id, created DESC")
                .map(ROW)
                .list();
    }
}
