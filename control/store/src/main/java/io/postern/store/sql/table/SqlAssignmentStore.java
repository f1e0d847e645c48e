package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.Assignment;
import io.postern.store.AssignmentStore;
import io.postern.store.DuplicateKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlAssignmentStore(Handle handle) implements AssignmentStore {
    private static final RowMapper<Assignment> ROW = (row, context) -> new Assignment(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            Assignment.PrincipalType.valueOf(row.getString("principal_type")),
            row.getString("principal"),
            new ServicePrincipalId(row.getString("resource")),
            row.getString("app_role"),
            instant(row, "created"));

    @Override
    public void insert(Assignment assignment) {
        int inserted = handle.createUpdate("""
                        INSERT INTO assignments (tenant, id, principal_type, principal, resource, app_role, created)
                        VALUES (:tenant, :id, :type, :principal, :resource, :role, :created)
                        ON CONFLICT (tenant, resource, principal, app_role) DO NOTHING""")
                .bind("tenant", assignment.tenant().value())
                .bind("id", assignment.id())
                .bind("type", assignment.principalType().name())
                .bind("principal", assignment.principal())
                .bind("resource", assignment.resource().value())
                .bind("role", assignment.appRoleId())
                .bind("created", micros(assignment.created()))
                .execute();
        if (inserted == 0) {
            throw new DuplicateKey("principalId", assignment.principal());
        }
    }

    @Override
    public boolean delete(TenantId tenant, String id) {
        return handle.createUpdate("DELETE FROM assignments WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public Optional<Assignment> find(TenantId tenant, String id) {
        return by(tenant, "id", id).stream().findFirst();
    }

    @Override
    public List<Assignment> ofResource(TenantId tenant, ServicePrincipalId resource) {
        return by(tenant, "resource", resource.value());
    }

    @Override
    public List<Assignment> ofPrincipal(TenantId tenant, String principal) {
        return by(tenant, "principal", principal);
    }

    @Override
    public Set<UserId> assignedUsers(TenantId tenant, ServicePrincipalId resource) {
        return handle.createQuery("""
                        SELECT principal AS user_id FROM assignments
                        WHERE tenant = :tenant AND resource = :resource AND principal_type = 'USER'
                        UNION
                        SELECT m.user_id FROM assignments a
                        JOIN group_members m ON m.tenant = a.tenant AND m.group_id = a.principal
                        WHERE a.tenant = :tenant AND a.resource = :resource AND a.principal_type = 'GROUP'""")
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .map((row, context) -> new UserId(row.getString("user_id")))
                .set();
    }

    @Override
    public Map<ServicePrincipalId, Set<UserId>> assignedUsersOfAll() {
        var users = new HashMap<ServicePrincipalId, Set<UserId>>();
        handle.createQuery("""
                        SELECT resource, principal AS user_id FROM assignments WHERE principal_type = 'USER'
                        UNION
                        SELECT a.resource, m.user_id FROM assignments a
                        JOIN group_members m ON m.tenant = a.tenant AND m.group_id = a.principal
                        WHERE a.principal_type = 'GROUP'""")
                .map((row, context) -> Map.entry(
                        new ServicePrincipalId(row.getString("resource")), new UserId(row.getString("user_id"))))
                .forEach(entry -> users.computeIfAbsent(entry.getKey(), r -> new HashSet<>())
                        .add(entry.getValue()));
        return users;
    }

    @Override
    public Set<ServicePrincipalId> resourcesOf(TenantId tenant, UserId user) {
        return handle.createQuery("""
                        SELECT resource FROM assignments
                        WHERE tenant = :tenant AND principal = :user AND principal_type = 'USER'
                        UNION
                        SELECT a.resource FROM group_members m
                        JOIN assignments a ON a.tenant = m.tenant AND a.principal = m.group_id
                        WHERE m.tenant = :tenant AND m.user_id = :user AND a.principal_type = 'GROUP'""")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map((row, context) -> new ServicePrincipalId(row.getString("resource")))
                .set();
    }

    private List<Assignment> by(TenantId tenant, String column, String value) {
        return handle.createQuery("SELECT * FROM assignments WHERE tenant = :tenant AND " + column
                        + " = :value ORDER BY created, id")
                .bind("tenant", tenant.value())
                .bind("value", value)
                .map(ROW)
                .list();
    }
}
