package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.map;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnDocument;
import io.postern.domain.signon.SignOnMode;
import io.postern.store.DuplicateKey;
import io.postern.store.SamlSignOnStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlSamlSignOnStore(Handle handle) implements SamlSignOnStore {
    private static final RowMapper<SamlSignOn> ROW = (row, context) -> SignOnDocument.read(
            new TenantId(row.getString("tenant")), new AppId(row.getString("app_id")), map(row, "settings"));

    @Override
    public void put(SamlSignOn signOn) {
        for (String identifier : signOn.identifiers()) {
            refuseTaken(signOn, identifier);
        }
        handle.createUpdate("DELETE FROM saml_identifiers WHERE tenant = :tenant AND app_id = :app")
                .bind("tenant", signOn.tenant().value())
                .bind("app", signOn.application().value())
                .execute();
        handle.createUpdate("""
                        INSERT INTO saml_sign_ons (tenant, app_id, mode, settings)
                        VALUES (:tenant, :app, :mode, :settings)
                        ON CONFLICT (tenant, app_id) DO UPDATE SET mode = :mode, settings = :settings""")
                .bind("tenant", signOn.tenant().value())
                .bind("app", signOn.application().value())
                .bind("mode", signOn.mode().text())
                .bind("settings", json(SignOnDocument.write(signOn)))
                .execute();
        for (String identifier : signOn.identifiers()) {
            handle.createUpdate("""
                            INSERT INTO saml_identifiers (tenant, identifier, app_id)
                            VALUES (:tenant, :identifier, :app)""")
                    .bind("tenant", signOn.tenant().value())
                    .bind("identifier", identifier)
                    .bind("app", signOn.application().value())
                    .execute();
        }
    }

    private void refuseTaken(SamlSignOn signOn, String identifier) {
        boolean taken = handle.createQuery("""
                        SELECT app_id FROM saml_identifiers WHERE tenant = :tenant AND identifier = :identifier""")
                .bind("tenant", signOn.tenant().value())
                .bind("identifier", identifier)
                .mapTo(String.class)
                .findOne()
                .filter(app -> !app.equals(signOn.application().value()))
                .isPresent();
        if (taken) {
            throw new DuplicateKey("identifierUris", identifier);
        }
    }

    @Override
    public Optional<SamlSignOn> find(TenantId tenant, AppId application) {
        return stored(tenant, application).filter(SqlSamlSignOnStore::isInForce);
    }

    @Override
    public Optional<SamlSignOn> findByIdentifier(TenantId tenant, String identifier) {
        return handle.createQuery("""
                        SELECT s.* FROM saml_sign_ons s
                        JOIN saml_identifiers i ON i.tenant = s.tenant AND i.app_id = s.app_id
                        WHERE i.tenant = :tenant AND i.identifier = :identifier""")
                .bind("tenant", tenant.value())
                .bind("identifier", identifier)
                .map(ROW)
                .findOne()
                .filter(SqlSamlSignOnStore::isInForce);
    }

    @Override
    public Optional<SamlSignOn> stored(TenantId tenant, AppId application) {
        return handle.createQuery("SELECT * FROM saml_sign_ons WHERE tenant = :tenant AND app_id = :app")
                .bind("tenant", tenant.value())
                .bind("app", application.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public List<SamlSignOn> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM saml_sign_ons WHERE tenant = :tenant ORDER BY app_id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    private static boolean isInForce(SamlSignOn signOn) {
        return signOn.mode() == SignOnMode.SAML;
    }
}
