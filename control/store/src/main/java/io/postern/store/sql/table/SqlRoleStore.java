package io.postern.store.sql.table;

import io.postern.domain.TenantId;
import io.postern.store.RoleStore;
import java.util.List;
import org.jdbi.v3.core.Handle;

record SqlRoleStore(Handle handle) implements RoleStore {
    @Override
    public void grant(TenantId tenant, String principal, String roleTemplateId) {
        change(tenant, principal, roleTemplateId, """
                INSERT INTO role_assignments (tenant, principal, role_template) VALUES (:tenant, :principal, :role)
                ON CONFLICT DO NOTHING""");
    }

    @Override
    public boolean revoke(TenantId tenant, String principal, String roleTemplateId) {
        return change(tenant, principal, roleTemplateId, """
                DELETE FROM role_assignments
                WHERE tenant = :tenant AND principal = :principal AND role_template = :role""") == 1;
    }

    @Override
    public List<String> rolesOf(TenantId tenant, String principal) {
        return handle.createQuery("""
                        SELECT role_template FROM role_assignments
                        WHERE tenant = :tenant AND principal = :principal ORDER BY role_template""")
                .bind("tenant", tenant.value())
                .bind("principal", principal)
                .mapTo(String.class)
                .list();
    }

    @Override
    public List<String> holders(TenantId tenant, String roleTemplateId) {
        return handle.createQuery("""
                        SELECT principal FROM role_assignments
                        WHERE tenant = :tenant AND role_template = :role ORDER BY principal""")
                .bind("tenant", tenant.value())
                .bind("role", roleTemplateId)
                .mapTo(String.class)
                .list();
    }

    private int change(TenantId tenant, String principal, String roleTemplateId, String sql) {
        return handle.createUpdate(sql)
                .bind("tenant", tenant.value())
                .bind("principal", principal)
                .bind("role", roleTemplateId)
                .execute();
    }
}
