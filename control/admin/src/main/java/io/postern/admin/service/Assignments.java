package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.AppRole;
import io.postern.store.Assignment;
import io.postern.store.Assignment.PrincipalType;
import io.postern.store.Group;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Who is assigned to which application, in which role and for how long (ASG-2, ASG-3, ASG-7).
public final class Assignments {
    /// An assignment with the names that people read.
    public record Named(Assignment assignment, String principalName, String resourceName, String roleName) {}

    private static final String DEFAULT_NAME = "Default Access";
    private static final int OF_PRINCIPAL_MAX = 1500;

    record Principal(PrincipalType type, String name) {}

    private final Ledger ledger;

    public Assignments(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<List<Named>> ofResource(TenantId tenant, ServicePrincipalId resource) {
        return ledger.look(stores -> {
            Rejected.unless(stores.servicePrincipals().find(tenant, resource), "service principal", resource);
            return stores.assignments().ofResource(tenant, resource).stream()
                    .map(a -> named(stores, a))
                    .toList();
        });
    }

    /// Direct assignments of a user, not those by group.
    public Outcome<List<Named>> ofUser(TenantId tenant, UserId user) {
        return ledger.look(stores -> {
            Rejected.unless(stores.users().find(tenant, user), "user", user);
            return stores.assignments().ofPrincipal(tenant, user.value()).stream()
                    .map(a -> named(stores, a))
                    .toList();
        });
    }

    static Named named(Stores stores, Assignment assignment) {
        Optional<ServicePrincipal> resource =
                stores.servicePrincipals().find(assignment.tenant(), assignment.resource());
        return new Named(
                assignment,
                principal(stores, assignment.tenant(), assignment.principal())
                        .map(Principal::name)
                        .orElse(""),
                resource.map(ServicePrincipal::displayName).orElse(""),
                resource.flatMap(r -> stores.applications().findByAppId(r.appId())).stream()
                        .flatMap(application -> application.appRoles().stream())
                        .filter(role -> role.id().equals(assignment.appRoleId()))
                        .map(AppRole::displayName)
                        .findFirst()
                        .orElse(DEFAULT_NAME));
    }

    /// Who is to have what, for how long and why.
    ///
    /// @param principalId user, group or service principal
    /// @param appRoleId all zero for "Default Access"
    public record Wanted(
            String principalId,
            String appRoleId,
            Optional<Instant> starts,
            Optional<Instant> ends,
            Optional<String> reason) {
        /// Default Access, without dates.
        public static Wanted always(String principalId) {
            return of(principalId, Assignment.DEFAULT_ACCESS);
        }

        /// Without dates.
        public static Wanted of(String principalId, String appRoleId) {
            return new Wanted(principalId, appRoleId, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /// Changes of the dates and the reason; who has what stays.
    public record Patch(Edit<Instant> starts, Edit<Instant> ends, Edit<String> reason) {}

    public Outcome<Named> assign(Actor actor, ServicePrincipalId resource, Wanted wanted) {
        return ledger.change(actor, change -> assign(change, resource, wanted));
    }

    static Named assign(Change change, ServicePrincipalId resource, Wanted wanted) {
        ServicePrincipal target = found(change, resource);
        Principal principal = principal(change.stores(), change.tenant(), wanted.principalId())
                .orElseThrow(() -> Rejected.invalid(
                        "principalId",
                        "there is no user, group or service principal with id '" + wanted.principalId() + "'"));
        String role = role(change, target, principal.type(), wanted.appRoleId());
        Steps.refuseFollower(change, target);
        AssignmentTerms.check(wanted.starts(), wanted.ends(), wanted.reason(), change.now());
        List<Assignment> others = change.stores().assignments().ofPrincipal(change.tenant(), wanted.principalId());
        if (others.stream()
                .anyMatch(a -> a.resource().equals(resource) && a.appRoleId().equals(wanted.appRoleId()))) {
            throw Rejected.conflict("'" + principal.name() + "' is assigned to '" + target.displayName() + "' already");
        }
        if (others.size() >= OF_PRINCIPAL_MAX) {
            throw Rejected.conflict(
                    "'" + principal.name() + "' has " + OF_PRINCIPAL_MAX + " assignments; nobody can have more (4.10)");
        }
        var assignment = new Assignment(
                change.tenant(),
                UUID.randomUUID().toString(),
                principal.type(),
                wanted.principalId(),
                resource,
                wanted.appRoleId(),
                change.now(),
                wanted.starts(),
                wanted.ends(),
                wanted.reason(),
                Optional.of(change.actor().name()),
                Optional.empty(),
                Optional.empty());
        change.stores().assignments().insert(assignment);
        note(change, Activity.ADD_ASSIGNMENT, target, AssignmentTerms.told(assignment, principal.name(), role));
        return new Named(assignment, principal.name(), target.displayName(), role);
    }

    public Outcome<Assignment> patch(Actor actor, ServicePrincipalId resource, String id, Patch patch) {
        return ledger.change(actor, change -> patch(change, resource, id, patch));
    }

    static Assignment patch(Change change, ServicePrincipalId resource, String id, Patch patch) {
        Assignment old = found(change, resource, id);
        Assignment changed = AssignmentTerms.with(
                old,
                patch.starts().orKeep(old.starts()),
                patch.ends().orKeep(old.ends()),
                patch.reason().orKeep(old.reason()),
                old.reviewed());
        if (changed.equals(old)) {
            return old;
        }
        ServicePrincipal target = found(change, resource);
        Steps.refuseFollower(change, target);
        AssignmentTerms.check(changed.starts(), changed.ends(), changed.reason(), change.now());
        change.stores().assignments().update(changed);
        note(
                change,
                Activity.UPDATE_ASSIGNMENT,
                target,
                AssignmentTerms.told(
                        changed,
                        principal(change.stores(), change.tenant(), changed.principal())
                                .map(Principal::name)
                                .orElse(""),
                        changed.appRoleId()));
        return changed;
    }

    /// ASG-7: only an enabled role that its members' kind may have.
    private static String role(Change change, ServicePrincipal target, PrincipalType type, String id) {
        if (id.equals(Assignment.DEFAULT_ACCESS)) {
            return DEFAULT_NAME;
        }
        Optional<AppRole> role = change.stores().applications().findByAppId(target.appId()).stream()
                .flatMap(application -> application.appRoles().stream())
                .filter(r -> r.id().equals(id))
                .findFirst();
        if (role.isEmpty()) {
            throw Rejected.invalid(
                    "appRoleId",
                    "the application has no role '" + id + "'; use one of its appRoles, or " + Assignment.DEFAULT_ACCESS
                            + " (Default Access)");
        }
        AppRole.Member needed =
                type == PrincipalType.SERVICE_PRINCIPAL ? AppRole.Member.APPLICATION : AppRole.Member.USER;
        if (!role.get().enabled() || !role.get().memberTypes().contains(needed)) {
            throw Rejected.invalid(
                    "appRoleId",
                    "role '" + role.get().displayName() + "' "
                            + (role.get().enabled()
                                    ? "is not for members of type " + needed.graphName()
                                    : "is disabled; enable it first")
                            + " (ASG-7)");
        }
        return role.get().displayName();
    }

    public Outcome<Assignment> remove(Actor actor, ServicePrincipalId resource, String id) {
        return ledger.change(actor, change -> remove(change, resource, id));
    }

    static Assignment remove(Change change, ServicePrincipalId resource, String id) {
        Assignment assignment = found(change, resource, id);
        ServicePrincipal target = found(change, resource);
        Steps.refuseFollower(change, target);
        change.stores().assignments().delete(change.tenant(), id);
        note(change, Activity.REMOVE_ASSIGNMENT, target, Map.of("principalId", assignment.principal()));
        return assignment;
    }

    private static void note(Change change, Activity activity, ServicePrincipal resource, Map<String, String> details) {
        change.note(activity, resource.id(), resource.displayName(), details);
        Steps.noteFollowers(change, activity, resource, details);
    }

    private static ServicePrincipal found(Change change, ServicePrincipalId resource) {
        return change.found(
                change.stores().servicePrincipals().find(change.tenant(), resource), "service principal", resource);
    }

    private static Assignment found(Change change, ServicePrincipalId resource, String id) {
        return change.stores()
                .assignments()
                .find(change.tenant(), id)
                .filter(a -> a.resource().equals(resource))
                .orElseThrow(() -> Rejected.notFound("assignment of this service principal", id));
    }

    static Optional<Principal> principal(Stores stores, TenantId tenant, String id) {
        try {
            Optional<Principal> user = stores.users()
                    .find(tenant, new UserId(id))
                    .map(User::displayName)
                    .map(name -> new Principal(PrincipalType.USER, name));
            return user.or(() -> stores.groups()
                            .find(tenant, new GroupId(id))
                            .map(Group::displayName)
                            .map(name -> new Principal(PrincipalType.GROUP, name)))
                    .or(() -> stores.servicePrincipals()
                            .find(tenant, new ServicePrincipalId(id))
                            .map(ServicePrincipal::displayName)
                            .map(name -> new Principal(PrincipalType.SERVICE_PRINCIPAL, name)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no UUID, so nobody
        }
    }
}
