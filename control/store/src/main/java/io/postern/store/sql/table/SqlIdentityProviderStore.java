package io.postern.store.sql.table;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.TenantId;
import io.postern.domain.federation.IdentityProvider;
import io.postern.store.DuplicateKey;
import io.postern.store.IdentityProviderStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;

record SqlIdentityProviderStore(Handle handle) implements IdentityProviderStore {
    private static final RowMapper<Row> ROW = (row, context) -> new Row(
            FederationText.read(
                    new TenantId(row.getString("tenant")),
                    new IdentityProviderId(row.getString("id")),
                    row.getString("display_name"),
                    row.getString("settings")),
            row.getString("sealed"),
            Columns.instant(row, "created"));

    @Override
    public void put(Row row) {
        IdentityProvider provider = row.provider();
        one(handle.createUpdate("""
            INSERT INTO identity_providers (tenant, id, display_name, settings, sealed, created)
            VALUES (:tenant, :id, :name, :settings, :sealed, :created)
            ON CONFLICT (tenant, id) DO UPDATE
            SET display_name = :name, settings = :settings, sealed = :sealed\
            """), provider.tenant(), provider.id())
                .bind("name", provider.displayName())
                .bind("settings", FederationText.write(provider))
                .bind("sealed", row.sealed())
                .bind("created", Columns.micros(row.created()))
                .execute();
        one(
                        handle.createUpdate(
                                "DELETE FROM identity_provider_domains WHERE tenant = :tenant AND provider = :id"),
                        provider.tenant(),
                        provider.id())
                .execute();
        for (String domain : provider.domains()) {
            int added = one(handle.createUpdate("""
                INSERT INTO identity_provider_domains (tenant, domain, provider)
                VALUES (:tenant, :domain, :id) ON CONFLICT DO NOTHING\
                """), provider.tenant(), provider.id())
                    .bind("domain", domain)
                    .execute();
            if (added == 0) {
                throw new DuplicateKey("domains", domain);
            }
        }
    }

    @Override
    public boolean delete(TenantId tenant, IdentityProviderId id) {
        return one(
                                handle.createUpdate(
                                        "DELETE FROM identity_providers WHERE tenant = :tenant AND id = :id"),
                                tenant,
                                id)
                        .execute()
                == 1;
    }

    @Override
    public Optional<Row> find(TenantId tenant, IdentityProviderId id) {
        return one(
                        handle.createQuery("SELECT * FROM identity_providers WHERE tenant = :tenant AND id = :id"),
                        tenant,
                        id)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Row> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM identity_providers WHERE tenant = :tenant ORDER BY display_name, id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public Optional<Row> findByDomain(TenantId tenant, String domain) {
        return handle.createQuery("""
            SELECT p.* FROM identity_providers p
            JOIN identity_provider_domains d ON d.tenant = p.tenant AND d.provider = p.id
            WHERE d.tenant = :tenant AND d.domain = :domain\
            """)
                .bind("tenant", tenant.value())
                .bind("domain", domain)
                .map(ROW)
                .findOne();
    }

    @Override
    public void keep(TenantId tenant, IdentityProviderId id, Document document) {
        one(handle.createUpdate("""
            INSERT INTO identity_provider_documents (tenant, provider, name, body, fetched)
            VALUES (:tenant, :id, :name, :body, :fetched)
            ON CONFLICT (tenant, provider, name) DO UPDATE SET body = :body, fetched = :fetched\
            """), tenant, id)
                .bind("name", document.name())
                .bind("body", document.body())
                .bind("fetched", Columns.micros(document.fetched()))
                .execute();
    }

    @Override
    public Optional<Document> document(TenantId tenant, IdentityProviderId id, String name) {
        return one(handle.createQuery("""
            SELECT * FROM identity_provider_documents
            WHERE tenant = :tenant AND provider = :id AND name = :name\
            """), tenant, id)
                .bind("name", name)
                .map((row, context) -> new Document(name, row.getString("body"), Columns.instant(row, "fetched")))
                .findOne();
    }

    private static <S extends SqlStatement<S>> S one(S statement, TenantId tenant, IdentityProviderId id) {
        return statement.bind("tenant", tenant.value()).bind("id", id.value());
    }
}
