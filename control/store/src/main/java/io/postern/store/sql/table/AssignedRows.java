package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.snapshot.AssignedUsers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Who is assigned to what, of every tenant at once: as many rows as there are assignments, and as there are
/// members of assigned groups, never their product.
record AssignedRows(Handle handle, Instant now, Map<UserId, UserId> met) {
    private record AssignedGroup(TenantId tenant, GroupId group) {}

    AssignedRows(Handle handle, Instant now) {
        this(handle, now, new HashMap<>());
    }

    Map<ServicePrincipalId, AssignedUsers> byResource() {
        var sets = new HashMap<ServicePrincipalId, List<Set<UserId>>>();
        Map<AssignedGroup, Set<UserId>> members = members();
        handle.createQuery("SELECT DISTINCT a.tenant, a.principal, a.resource FROM assignments a"
                        + " WHERE a.principal_type = 'GROUP' AND " + SqlAssignmentStore.IN_FORCE)
                .bind("now", micros(now))
                .map((row, context) -> Map.entry(
                        new ServicePrincipalId(row.getString("resource")),
                        group(row.getString("tenant"), row.getString("principal"))))
                .forEach(entry -> add(sets, entry.getKey(), members.getOrDefault(entry.getValue(), Set.of())));
        direct().forEach((resource, users) -> add(sets, resource, users));

        var assigned = new HashMap<ServicePrincipalId, AssignedUsers>();
        sets.forEach((resource, all) -> assigned.put(resource, new AssignedUsers(all)));
        return assigned;
    }

    private Map<AssignedGroup, Set<UserId>> members() {
        var members = new HashMap<AssignedGroup, Set<UserId>>();
        handle.createQuery("""
            SELECT m.tenant, m.group_id, m.user_id FROM (
                SELECT DISTINCT a.tenant, a.principal FROM assignments a
                WHERE a.principal_type = 'GROUP' AND %s) AS g
            JOIN group_members m ON m.tenant = g.tenant AND m.group_id = g.principal\
            """.formatted(SqlAssignmentStore.IN_FORCE))
                .bind("now", micros(now))
                .map((row, context) -> Map.entry(
                        group(row.getString("tenant"), row.getString("group_id")), user(row.getString("user_id"))))
                .forEach(entry -> members.computeIfAbsent(entry.getKey(), g -> new HashSet<>())
                        .add(entry.getValue()));
        members.replaceAll((group, users) -> Set.copyOf(users)); // once, so that all who get it share it
        return members;
    }

    private Map<ServicePrincipalId, Set<UserId>> direct() {
        var users = new HashMap<ServicePrincipalId, Set<UserId>>();
        handle.createQuery("SELECT DISTINCT a.resource, a.principal FROM assignments a"
                        + " WHERE a.principal_type = 'USER' AND " + SqlAssignmentStore.IN_FORCE)
                .bind("now", micros(now))
                .map((row, context) ->
                        Map.entry(new ServicePrincipalId(row.getString("resource")), user(row.getString("principal"))))
                .forEach(entry -> users.computeIfAbsent(entry.getKey(), r -> new HashSet<>())
                        .add(entry.getValue()));
        return users;
    }

    private static void add(Map<ServicePrincipalId, List<Set<UserId>>> sets, ServicePrincipalId to, Set<UserId> users) {
        if (!users.isEmpty()) {
            sets.computeIfAbsent(to, r -> new ArrayList<>()).add(users);
        }
    }

    private static AssignedGroup group(String tenant, String group) {
        return new AssignedGroup(new TenantId(tenant), new GroupId(group));
    }

    /// One object for each user, in however many groups he is.
    private UserId user(String text) {
        var user = new UserId(text);
        return met.computeIfAbsent(user, u -> u);
    }
}
