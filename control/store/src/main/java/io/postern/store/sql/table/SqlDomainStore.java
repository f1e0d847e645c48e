package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.TenantId;
import io.postern.store.Domain;
import io.postern.store.DomainStore;
import io.postern.store.DuplicateKey;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlDomainStore(Handle handle) implements DomainStore {
    private static final RowMapper<Domain> ROW = (row, context) -> new Domain(
            new TenantId(row.getString("tenant")),
            row.getString("name"),
            row.getString("proof"),
            row.getBoolean("automatic"),
            instantIfAny(row, "verified"),
            instant(row, "created"));

    @Override
    public void put(Domain domain) {
        if (domain.verified().isPresent()
                && listProven().stream()
                        .anyMatch(other -> other.name().equals(domain.name())
                                && !other.tenant().equals(domain.tenant()))) {
            throw new DuplicateKey("domain", domain.name());
        }
        handle.createUpdate("""
                        INSERT INTO domains (tenant, name, proof, automatic, verified, created)
                        VALUES (:tenant, :name, :proof, :automatic, :verified, :created)
                        ON CONFLICT (tenant, name) DO UPDATE
                        SET proof = excluded.proof, automatic = excluded.automatic, verified = excluded.verified""")
                .bind("tenant", domain.tenant().value())
                .bind("name", domain.name())
                .bind("proof", domain.proof())
                .bind("automatic", domain.automatic())
                .bind("verified", micros(domain.verified()))
                .bind("created", micros(domain.created()))
                .execute();
    }

    @Override
    public boolean delete(TenantId tenant, String name) {
        return handle.createUpdate("DELETE FROM domains WHERE tenant = :tenant AND name = :name")
                        .bind("tenant", tenant.value())
                        .bind("name", name)
                        .execute()
                == 1;
    }

    @Override
    public Optional<Domain> find(TenantId tenant, String name) {
        return handle.createQuery("SELECT * FROM domains WHERE tenant = :tenant AND name = :name")
                .bind("tenant", tenant.value())
                .bind("name", name)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Domain> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM domains WHERE tenant = :tenant ORDER BY name")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<Domain> listProven() {
        return handle.createQuery("SELECT * FROM domains WHERE verified IS NOT NULL ORDER BY name")
                .map(ROW)
                .list();
    }
}
