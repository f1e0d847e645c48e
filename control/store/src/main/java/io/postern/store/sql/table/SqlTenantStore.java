package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.key;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.TenantId;
import io.postern.store.DuplicateKey;
import io.postern.store.Tenant;
import io.postern.store.TenantStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlTenantStore(Handle handle) implements TenantStore {
    private static final RowMapper<Tenant> ROW = (row, context) -> new Tenant(
            new TenantId(row.getString("id")),
            row.getString("name"),
            row.getString("display_name"),
            row.getString("domain"),
            instant(row, "created"));

    @Override
    public void insert(Tenant tenant) {
        if (findBy("name_key", key(tenant.name())).isPresent()) {
            throw new DuplicateKey("name", tenant.name());
        }
        if (findBy("domain_key", key(tenant.domain())).isPresent()) {
            throw new DuplicateKey("domain", tenant.domain());
        }
        handle.createUpdate("""
                INSERT INTO tenants (id, name, name_key, display_name, domain, domain_key, created)
                VALUES (:id, :name, :nameKey, :displayName, :domain, :domainKey, :created)""")
                .bind("id", tenant.id().value())
                .bind("name", tenant.name())
                .bind("nameKey", key(tenant.name()))
                .bind("displayName", tenant.displayName())
                .bind("domain", tenant.domain())
                .bind("domainKey", key(tenant.domain()))
                .bind("created", micros(tenant.created()))
                .execute();
    }

    @Override
    public Optional<Tenant> find(TenantId id) {
        return findBy("id", id.value());
    }

    @Override
    public Optional<Tenant> findByName(String name) {
        return findBy("name_key", key(name));
    }

    @Override
    public List<Tenant> list() {
        return handle.createQuery("SELECT * FROM tenants ORDER BY created, id")
                .map(ROW)
                .list();
    }

    private Optional<Tenant> findBy(String column, String value) {
        return handle.createQuery("SELECT * FROM tenants WHERE " + column + " = :value")
                .bind("value", value)
                .map(ROW)
                .findOne();
    }
}
