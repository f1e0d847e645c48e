package io.postern.store.sql.table;

import io.postern.domain.AppId;
import io.postern.domain.ClaimsMappingPolicyId;
import io.postern.domain.TenantId;
import io.postern.store.ClaimsMappingPolicy;
import io.postern.store.ClaimsMappingPolicyStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;

record SqlClaimsMappingPolicyStore(Handle handle) implements ClaimsMappingPolicyStore {
    private static final RowMapper<ClaimsMappingPolicy> ROW = (row, context) -> new ClaimsMappingPolicy(
            new TenantId(row.getString("tenant")),
            new ClaimsMappingPolicyId(row.getString("id")),
            row.getString("display_name"),
            row.getString("definition"));

    @Override
    public void put(ClaimsMappingPolicy policy) {
        one(handle.createUpdate("""
                        INSERT INTO claims_mapping_policies (tenant, id, display_name, definition)
                        VALUES (:tenant, :id, :name, :definition)
                        ON CONFLICT (tenant, id) DO UPDATE SET display_name = :name, definition = :definition\
                        """), policy.tenant(), policy.id())
                .bind("name", policy.displayName())
                .bind("definition", policy.definition())
                .execute();
    }

    @Override
    public Optional<ClaimsMappingPolicy> find(TenantId tenant, ClaimsMappingPolicyId id) {
        return one(
                        handle.createQuery("SELECT * FROM claims_mapping_policies WHERE tenant = :tenant AND id = :id"),
                        tenant,
                        id)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<ClaimsMappingPolicy> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM claims_mapping_policies WHERE tenant = :tenant ORDER BY id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public boolean delete(TenantId tenant, ClaimsMappingPolicyId id) {
        return one(
                                handle.createUpdate(
                                        "DELETE FROM claims_mapping_policies WHERE tenant = :tenant AND id = :id"),
                                tenant,
                                id)
                        .execute()
                == 1;
    }

    @Override
    public void assign(TenantId tenant, AppId application, ClaimsMappingPolicyId id) {
        one(handle.createUpdate("""
                        INSERT INTO claims_mapping_assignments (tenant, app_id, policy)
                        VALUES (:tenant, :app, :id)\
                        """), tenant, id)
                .bind("app", application.value())
                .execute();
    }

    @Override
    public boolean unassign(TenantId tenant, AppId application, ClaimsMappingPolicyId id) {
        return one(handle.createUpdate("""
                        DELETE FROM claims_mapping_assignments
                        WHERE tenant = :tenant AND app_id = :app AND policy = :id\
                        """), tenant, id)
                        .bind("app", application.value())
                        .execute()
                == 1;
    }

    @Override
    public List<AppId> assigned(TenantId tenant, ClaimsMappingPolicyId id) {
        return one(handle.createQuery("""
                        SELECT app_id FROM claims_mapping_assignments
                        WHERE tenant = :tenant AND policy = :id ORDER BY app_id\
                        """), tenant, id)
                .map((row, context) -> new AppId(row.getString("app_id")))
                .list();
    }

    private static <S extends SqlStatement<S>> S one(S statement, TenantId tenant, ClaimsMappingPolicyId id) {
        return statement.bind("tenant", tenant.value()).bind("id", id.value());
    }
}
