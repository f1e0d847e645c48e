package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.snapshot.AssignedUsers;
import io.postern.store.Assignment;
import io.postern.store.AssignmentStore;
import io.postern.store.DuplicateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

record SqlAssignmentStore(Handle handle) implements AssignmentStore {
    private static final RowMapper<Assignment> ROW = (row, context) -> new Assignment(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            Assignment.PrincipalType.valueOf(row.getString("principal_type")),
            row.getString("principal"),
            new ServicePrincipalId(row.getString("resource")),
            row.getString("app_role"),
            instant(row, "created"),
            instantIfAny(row, "starts"),
            instantIfAny(row, "ends"),
            textIfAny(row, "reason"),
            textIfAny(row, "assigned_by"),
            instantIfAny(row, "last_used"),
            instantIfAny(row, "reviewed"));

    static final String IN_FORCE = "(a.starts IS NULL OR a.starts <= :now) AND (a.ends IS NULL OR a.ends > :now)";

    private static final String OF_USER = """
        (a.principal_type = 'USER' AND a.principal = :user OR a.principal_type = 'GROUP' AND EXISTS (
            SELECT 1 FROM group_members m
            WHERE m.tenant = a.tenant AND m.group_id = a.principal AND m.user_id = :user))\
        """;

    /// Asked every few seconds: by the index on the end.
    static final String ENDED = "SELECT * FROM assignments WHERE ends > :after AND ends <= :until ORDER BY ends, id";

    /// Asked at each snapshot: by the indexes on both dates.
    static final String NEXT_CHANGE = """
        SELECT min(at) AS at FROM (
            SELECT min(starts) AS at FROM assignments WHERE starts > :now
            UNION ALL
            SELECT min(ends) AS at FROM assignments WHERE ends > :now) AS turns\
        """;

    private static final Duration USE_STEP = Duration.ofHours(1);

    @Override
    public void insert(Assignment assignment) {
        insertOne(assignment);
        inStep().insert(assignment);
    }

    void insertOne(Assignment assignment) {
        int inserted = bind(assignment, handle.createUpdate("""
            INSERT INTO assignments (tenant, id, principal_type, principal, resource, app_role, created, starts,
                ends, reason, assigned_by, last_used, reviewed)
            VALUES (:tenant, :id, :type, :principal, :resource, :role, :created, :starts, :ends, :reason,
                :assignedBy, :lastUsed, :reviewed)
            ON CONFLICT (tenant, resource, principal, app_role) DO NOTHING\
            """)).execute();
        if (inserted == 0) {
            throw new DuplicateKey("principalId", assignment.principal());
        }
        noted(assignment);
    }

    @Override
    public boolean update(Assignment assignment) {
        inStep().update(assignment);
        return updateOne(assignment);
    }

    boolean updateOne(Assignment assignment) {
        noted(assignment);
        return bind(assignment, handle.createUpdate("""
            UPDATE assignments SET principal_type = :type, principal = :principal, resource = :resource,
                app_role = :role, created = :created, starts = :starts, ends = :ends, reason = :reason,
                assigned_by = :assignedBy, last_used = :lastUsed, reviewed = :reviewed
            WHERE tenant = :tenant AND id = :id\
            """)).execute() == 1;
    }

    @Override
    public boolean delete(TenantId tenant, String id) {
        Optional<Assignment> found = find(tenant, id);
        found.ifPresent(inStep()::delete);
        return found.isPresent() && deleteOne(found.get());
    }

    boolean deleteOne(Assignment assignment) {
        noted(assignment);
        return handle.createUpdate("DELETE FROM assignments WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", assignment.tenant().value())
                        .bind("id", assignment.id())
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
    public List<Assignment> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM assignments WHERE tenant = :tenant ORDER BY created, id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public Set<UserId> assignedUsers(TenantId tenant, ServicePrincipalId resource, Instant now) {
        return handle.createQuery("""
            SELECT a.principal AS user_id FROM assignments a
            WHERE a.tenant = :tenant AND a.resource = :resource AND a.principal_type = 'USER' AND %1$s
            UNION
            SELECT m.user_id FROM assignments a
            JOIN group_members m ON m.tenant = a.tenant AND m.group_id = a.principal
            WHERE a.tenant = :tenant AND a.resource = :resource AND a.principal_type = 'GROUP' AND %1$s\
            """.formatted(IN_FORCE))
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .bind("now", micros(now))
                .map((row, context) -> new UserId(row.getString("user_id")))
                .set();
    }

    @Override
    public Map<ServicePrincipalId, AssignedUsers> assignedUsersOfAll(Instant now) {
        return new AssignedRows(handle, now).byResource();
    }

    @Override
    public Set<ServicePrincipalId> resourcesOf(TenantId tenant, UserId user, Instant now) {
        return handle.createQuery("SELECT DISTINCT a.resource FROM assignments a WHERE a.tenant = :tenant AND "
                        + OF_USER + " AND " + IN_FORCE)
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .bind("now", micros(now))
                .map((row, context) -> new ServicePrincipalId(row.getString("resource")))
                .set();
    }

    @Override
    public List<Assignment> inForce(TenantId tenant, ServicePrincipalId resource, UserId user, Instant now) {
        return handle.createQuery("SELECT a.* FROM assignments a WHERE a.tenant = :tenant AND a.resource = :resource"
                        + " AND " + OF_USER + " AND " + IN_FORCE + " ORDER BY a.created, a.id")
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .bind("user", user.value())
                .bind("now", micros(now))
                .map(ROW)
                .list();
    }

    @Override
    public List<Assignment> inForce(
            TenantId tenant, ServicePrincipalId resource, ServicePrincipalId client, Instant now) {
        return ofPrincipal(tenant, client.value()).stream()
                .filter(a -> a.principalType() == Assignment.PrincipalType.SERVICE_PRINCIPAL)
                .filter(a -> a.resource().equals(resource) && a.isInForce(now))
                .toList();
    }

    @Override
    public void used(TenantId tenant, ServicePrincipalId resource, UserId user, Instant now) {
        for (Assignment assignment : inForce(tenant, resource, user, now)) {
            if (assignment.lastUsed().filter(now.minus(USE_STEP)::isBefore).isEmpty()) {
                handle.createUpdate("UPDATE assignments SET last_used = :now WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", assignment.id())
                        .bind("now", micros(now))
                        .execute();
            }
        }
    }

    @Override
    public Optional<Instant> nextChange(Instant now) {
        return handle.createQuery(NEXT_CHANGE)
                .bind("now", micros(now))
                .map((row, context) -> instantIfAny(row, "at"))
                .one();
    }

    @Override
    public List<Assignment> ended(Instant after, Instant until) {
        return handle.createQuery(ENDED)
                .bind("after", micros(after))
                .bind("until", micros(until))
                .map(ROW)
                .list();
    }

    @Override
    public void keepInStep(TenantId tenant, ServicePrincipalId follower, ServicePrincipalId leader) {
        inStep().begin(tenant, follower, leader);
    }

    @Override
    public boolean endStep(TenantId tenant, ServicePrincipalId follower) {
        return inStep().end(tenant, follower);
    }

    @Override
    public Optional<ServicePrincipalId> leaderOf(TenantId tenant, ServicePrincipalId follower) {
        return inStep().leaderOf(tenant, follower);
    }

    @Override
    public List<ServicePrincipalId> followersOf(TenantId tenant, ServicePrincipalId leader) {
        return inStep().followersOf(tenant, leader);
    }

    private AssignmentsInStep inStep() {
        return new AssignmentsInStep(handle, this);
    }

    private void noted(Assignment assignment) {
        switch (assignment.principalType()) {
            case USER ->
                OutboundNotes.assigned(handle, assignment.tenant(), assignment.resource(), assignment.principal());
            case GROUP -> OutboundNotes.everybody(handle, assignment.tenant(), assignment.resource());
            case SERVICE_PRINCIPAL -> {}
        }
    }

    private List<Assignment> by(TenantId tenant, String column, String value) {
        return handle.createQuery("SELECT * FROM assignments WHERE tenant = :tenant AND " + column
                        + " = :value ORDER BY created, id")
                .bind("tenant", tenant.value())
                .bind("value", value)
                .map(ROW)
                .list();
    }

    private static Update bind(Assignment assignment, Update update) {
        return update.bind("tenant", assignment.tenant().value())
                .bind("id", assignment.id())
                .bind("type", assignment.principalType().name())
                .bind("principal", assignment.principal())
                .bind("resource", assignment.resource().value())
                .bind("role", assignment.appRoleId())
                .bind("created", micros(assignment.created()))
                .bind("starts", micros(assignment.starts()))
                .bind("ends", micros(assignment.ends()))
                .bind("reason", assignment.reason().orElse(null))
                .bind("assignedBy", assignment.assignedBy().orElse(null))
                .bind("lastUsed", micros(assignment.lastUsed()))
                .bind("reviewed", micros(assignment.reviewed()));
    }
}
