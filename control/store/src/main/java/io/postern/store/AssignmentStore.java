package io.postern.store;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who may use what.
public interface AssignmentStore {
    /// @throws DuplicateKey when the principal has the role already
    void insert(Assignment assignment);

    boolean delete(TenantId tenant, String id);

    Optional<Assignment> find(TenantId tenant, String id);

    List<Assignment> ofResource(TenantId tenant, ServicePrincipalId resource);

    List<Assignment> ofPrincipal(TenantId tenant, String principal);

    /// Users assigned directly or as direct members of an assigned group (ASG-3).
    Set<UserId> assignedUsers(TenantId tenant, ServicePrincipalId resource);

    /// The same for every resource of every tenant at once, for the snapshot; resources without users are absent.
    Map<ServicePrincipalId, Set<UserId>> assignedUsersOfAll();

    /// Service principals that the user is assigned to, directly or by group.
    Set<ServicePrincipalId> resourcesOf(TenantId tenant, UserId user);
}
