package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.map;

import io.postern.domain.AppId;
import io.postern.domain.ClaimsMappingPolicyId;
import io.postern.domain.TenantId;
import io.postern.domain.claims.SharedClaims;
import io.postern.domain.signon.MappingDocument;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnDocument;
import io.postern.domain.signon.SignOnMode;
import io.postern.store.DuplicateKey;
import io.postern.store.SamlSignOnStore;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlSamlSignOnStore(Handle handle) implements SamlSignOnStore {
    private static final RowMapper<SamlSignOn> ROW = (row, context) -> {
        SamlSignOn own = SignOnDocument.read(
                new TenantId(row.getString("tenant")), new AppId(row.getString("app_id")), map(row, "settings"));
        Optional<String> policy = Columns.textIfAny(row, "policy_id");
        return policy.isEmpty()
                ? own
                : own.with(
                        own.ownClaims(),
                        Optional.of(new SharedClaims(
                                new ClaimsMappingPolicyId(policy.get()),
                                row.getString("policy_name"),
                                MappingDocument.read(map(row, "policy_definition")))));
    };
    private static final String SELECT = """
            SELECT s.*, p.id AS policy_id, p.display_name AS policy_name, p.definition AS policy_definition
            FROM saml_sign_ons s
            LEFT JOIN claims_mapping_assignments a ON a.tenant = s.tenant AND a.app_id = s.app_id
            LEFT JOIN claims_mapping_policies p ON p.tenant = a.tenant AND p.id = a.policy
            """;

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
        return handle.createQuery(SELECT + """
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
        return handle.createQuery(SELECT + "WHERE s.tenant = :tenant AND s.app_id = :app")
                .bind("tenant", tenant.value())
                .bind("app", application.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public List<SamlSignOn> stored(TenantId tenant, Collection<AppId> applications) {
        if (applications.isEmpty()) {
            return List.of();
        }
        return handle.createQuery(SELECT + "WHERE s.tenant = :tenant AND s.app_id IN (<ids>)")
                .bind("tenant", tenant.value())
                .bindList("ids", applications.stream().map(AppId::value).toList())
                .map(ROW)
                .list();
    }

    @Override
    public List<SamlSignOn> list(TenantId tenant) {
        return handle.createQuery(SELECT + "WHERE s.tenant = :tenant ORDER BY s.app_id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    private static boolean isInForce(SamlSignOn signOn) {
        return signOn.mode() == SignOnMode.SAML;
    }
}
