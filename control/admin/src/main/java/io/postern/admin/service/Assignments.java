package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.Assignment;
import io.postern.store.Assignment.PrincipalType;
import io.postern.store.Group;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Users and groups assigned to applications (ASG-2, ASG-3).
public final class Assignments {
    /// An assignment with the names that people read.
    public record Named(Assignment assignment, String principalName, String resourceName) {}

    private record Principal(PrincipalType type, String name) {}

    private final Ledger ledger;

    public Assignments(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<List<Named>> ofResource(TenantId tenant, ServicePrincipalId resource) {
        return ledger.look(stores -> {
            ServicePrincipal principal = stores.servicePrincipals()
                    .find(tenant, resource)
                    .orElseThrow(() -> Rejected.notFound("service principal", resource));
            return stores.assignments().ofResource(tenant, resource).stream()
                    .map(a -> new Named(
                            a,
                            principal(stores, tenant, a.principal())
                                    .map(Principal::name)
                                    .orElse(""),
                            principal.displayName()))
                    .toList();
        });
    }

    /// Direct assignments of a user, not those by group.
    public Outcome<List<Named>> ofUser(TenantId tenant, UserId user) {
        return ledger.look(stores -> {
            User found = stores.users().find(tenant, user).orElseThrow(() -> Rejected.notFound("user", user));
            return stores.assignments().ofPrincipal(tenant, user.value()).stream()
                    .map(a -> new Named(
                            a,
                            found.displayName(),
                            stores.servicePrincipals()
                                    .find(tenant, a.resource())
                                    .map(ServicePrincipal::displayName)
                                    .orElse("")))
                    .toList();
        });
    }

    /// @param principalId user or group
    public Outcome<Named> assign(Actor actor, ServicePrincipalId resource, String principalId, String appRoleId) {
        return ledger.change(actor, change -> assign(change, resource, principalId, appRoleId));
    }

    static Named assign(Change change, ServicePrincipalId resource, String principalId, String appRoleId) {
        ServicePrincipal target = change.found(
                change.stores().servicePrincipals().find(change.tenant(), resource), "service principal", resource);
        Principal principal = principal(change.stores(), change.tenant(), principalId)
                .orElseThrow(() ->
                        Rejected.invalid("principalId", "there is no user or group with id '" + principalId + "'"));
        if (!appRoleId.equals(Assignment.DEFAULT_ACCESS)) {
            throw Rejected.invalid(
                    "appRoleId",
                    "the application has no role '" + appRoleId + "'; use " + Assignment.DEFAULT_ACCESS
                            + " (Default Access)");
        }
        boolean already = change.stores().assignments().ofPrincipal(change.tenant(), principalId).stream()
                .anyMatch(a -> a.resource().equals(resource) && a.appRoleId().equals(appRoleId));
        if (already) {
            throw Rejected.conflict("'" + principal.name() + "' is assigned to '" + target.displayName() + "' already");
        }
        var assignment = new Assignment(
                change.tenant(),
                UUID.randomUUID().toString(),
                principal.type(),
                principalId,
                resource,
                appRoleId,
                change.now());
        change.stores().assignments().insert(assignment);
        change.note(
                Activity.ADD_ASSIGNMENT,
                resource,
                target.displayName(),
                Map.of("principal", principal.name(), "principalId", principalId));
        return new Named(assignment, principal.name(), target.displayName());
    }

    public Outcome<Assignment> remove(Actor actor, ServicePrincipalId resource, String id) {
        return ledger.change(actor, change -> remove(change, resource, id));
    }

    static Assignment remove(Change change, ServicePrincipalId resource, String id) {
        Assignment assignment = change.stores()
                .assignments()
                .find(change.tenant(), id)
                .filter(a -> a.resource().equals(resource))
                .orElseThrow(() -> Rejected.notFound("assignment of this service principal", id));
        change.stores().assignments().delete(change.tenant(), id);
        change.note(
                Activity.REMOVE_ASSIGNMENT, resource, resource.value(), Map.of("principalId", assignment.principal()));
        return assignment;
    }

    private static Optional<Principal> principal(Stores stores, TenantId tenant, String id) {
        try {
            Optional<Principal> user = stores.users()
                    .find(tenant, new UserId(id))
                    .map(User::displayName)
                    .map(name -> new Principal(PrincipalType.USER, name));
            return user.or(() -> stores.groups()
                    .find(tenant, new GroupId(id))
                    .map(Group::displayName)
                    .map(name -> new Principal(PrincipalType.GROUP, name)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no UUID, so nobody
        }
    }
}
