package io.postern.store.sql.table;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.store.Assignment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Does to the assignments of followers what is done to those of their leader (STEP-1). Rows of their own, so that
/// everybody who asks who may use what asks as ever.
record AssignmentsInStep(Handle handle, SqlAssignmentStore assignments) {
    void begin(TenantId tenant, ServicePrincipalId follower, ServicePrincipalId leader) {
        handle.createUpdate("""
            INSERT INTO assignments_in_step (tenant, follower, leader) VALUES (:tenant, :follower, :leader)
            ON CONFLICT (tenant, follower) DO UPDATE SET leader = :leader\
            """)
                .bind("tenant", tenant.value())
                .bind("follower", follower.value())
                .bind("leader", leader.value())
                .execute();
        var left = new ArrayList<>(assignments.ofResource(tenant, follower));
        for (Assignment of : assignments.ofResource(tenant, leader)) {
            Optional<Assignment> own = left.stream().filter(a -> alike(a, of)).findFirst();
            own.ifPresentOrElse(
                    held -> {
                        left.remove(held);
                        assignments.updateOne(copy(of, follower, held));
                    },
                    () -> assignments.insertOne(copy(of, follower)));
        }
        left.forEach(assignments::deleteOne);
    }

    boolean end(TenantId tenant, ServicePrincipalId follower) {
        return handle.createUpdate("DELETE FROM assignments_in_step WHERE tenant = :tenant AND follower = :follower")
                        .bind("tenant", tenant.value())
                        .bind("follower", follower.value())
                        .execute()
                == 1;
    }

    Optional<ServicePrincipalId> leaderOf(TenantId tenant, ServicePrincipalId follower) {
        return by(tenant, "leader", "follower", follower).stream().findFirst();
    }

    List<ServicePrincipalId> followersOf(TenantId tenant, ServicePrincipalId leader) {
        return by(tenant, "follower", "leader", leader);
    }

    void insert(Assignment assignment) {
        for (ServicePrincipalId follower : followersOf(assignment.tenant(), assignment.resource())) {
            assignments.insertOne(copy(assignment, follower));
        }
    }

    /// Before the leader's own is written: the followers' are found by what it was.
    void update(Assignment assignment) {
        Optional<Assignment> before = assignments.find(assignment.tenant(), assignment.id());
        before.ifPresent(old -> of(old).forEach(own -> assignments.updateOne(copy(assignment, own.resource(), own))));
    }

    void delete(Assignment assignment) {
        of(assignment).forEach(assignments::deleteOne);
    }

    private List<Assignment> of(Assignment leaders) {
        return followersOf(leaders.tenant(), leaders.resource()).stream()
                .flatMap(follower -> assignments.ofResource(leaders.tenant(), follower).stream())
                .filter(own -> alike(own, leaders))
                .toList();
    }

    private List<ServicePrincipalId> by(TenantId tenant, String wanted, String known, ServicePrincipalId id) {
        return handle.createQuery("SELECT " + wanted + " FROM assignments_in_step WHERE tenant = :tenant AND " + known
                        + " = :id ORDER BY " + wanted)
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map((row, context) -> new ServicePrincipalId(row.getString(wanted)))
                .list();
    }

    private static boolean alike(Assignment one, Assignment other) {
        return one.principal().equals(other.principal()) && one.appRoleId().equals(other.appRoleId());
    }

    private static Assignment copy(Assignment of, ServicePrincipalId follower) {
        return copy(of, follower, UUID.randomUUID().toString(), Optional.empty());
    }

    private static Assignment copy(Assignment of, ServicePrincipalId follower, Assignment held) {
        return copy(of, follower, held.id(), held.lastUsed());
    }

    private static Assignment copy(Assignment of, ServicePrincipalId follower, String id, Optional<Instant> lastUsed) {
        return new Assignment(
                of.tenant(),
                id,
                of.principalType(),
                of.principal(),
                follower,
                of.appRoleId(),
                of.created(),
                of.starts(),
                of.ends(),
                of.reason(),
                of.assignedBy(),
                lastUsed,
                of.reviewed());
    }
}
