package io.postern.store;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.snapshot.AssignedUsers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who may use what. Where an instant is given, assignments count that are in force then.
///
/// An application may be kept in step with another one, its leader: then it has the leader's assignments and no
/// others, and each insert, update and delete of the leader's is done to its own too (STEP-1).
public interface AssignmentStore {
    /// @throws DuplicateKey when the principal has the role already
    void insert(Assignment assignment);

    /// @return false when there is no such assignment
    boolean update(Assignment assignment);

    boolean delete(TenantId tenant, String id);

    Optional<Assignment> find(TenantId tenant, String id);

    List<Assignment> ofResource(TenantId tenant, ServicePrincipalId resource);

    List<Assignment> ofPrincipal(TenantId tenant, String principal);

    /// Every assignment of the tenant, oldest first.
    List<Assignment> list(TenantId tenant);

    /// Users assigned directly or as direct members of an assigned group (ASG-3).
    Set<UserId> assignedUsers(TenantId tenant, ServicePrincipalId resource, Instant now);

    /// The same for every resource of every tenant at once, for the snapshot; resources without users are absent.
    /// The members of a group are read once, and are one set wherever it is assigned.
    Map<ServicePrincipalId, AssignedUsers> assignedUsersOfAll(Instant now);

    /// Service principals that the user is assigned to, directly or by group.
    Set<ServicePrincipalId> resourcesOf(TenantId tenant, UserId user, Instant now);

    /// Assignments in force by which the user may use the resource: his own, and those of groups whose direct
    /// member he is (ASG-3).
    List<Assignment> inForce(TenantId tenant, ServicePrincipalId resource, UserId user, Instant now);

    /// The same for a service principal, which is in no group.
    List<Assignment> inForce(TenantId tenant, ServicePrincipalId resource, ServicePrincipalId client, Instant now);

    /// Remembers that the user came in by each assignment of [#inForce]. Writes at most once an hour for each,
    /// so that a busy day of sign-ins is not a busy day of writes.
    void used(TenantId tenant, ServicePrincipalId resource, UserId user, Instant now);

    /// Those of every tenant whose end came after `after`, at `until` at the latest; earliest first.
    List<Assignment> ended(Instant after, Instant until);

    /// When the next assignment of any tenant begins or ends after `now`.
    Optional<Instant> nextChange(Instant now);

    /// From now on the follower has the leader's assignments; those that it has and the leader has not, go.
    void keepInStep(TenantId tenant, ServicePrincipalId follower, ServicePrincipalId leader);

    /// The follower keeps what it has, and changes alone from now on.
    ///
    /// @return false when it followed nobody
    boolean endStep(TenantId tenant, ServicePrincipalId follower);

    Optional<ServicePrincipalId> leaderOf(TenantId tenant, ServicePrincipalId follower);

    List<ServicePrincipalId> followersOf(TenantId tenant, ServicePrincipalId leader);
}
