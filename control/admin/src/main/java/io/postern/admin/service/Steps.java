package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.directory.AppRole;
import io.postern.domain.publish.Application;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Applications kept in step: who is assigned to the leader, in which role and for how long, is to the
/// followers too, and nobody else is (STEP-1). For products that lie behind two published applications.
public final class Steps {
    private final Ledger ledger;

    public Steps(Ledger ledger) {
        this.ledger = ledger;
    }

    /// @return empty where it changes alone
    public Optional<ServicePrincipal> leaderOf(TenantId tenant, ServicePrincipalId follower) {
        return ledger.read(stores -> leaderOf(stores, tenant, follower));
    }

    public List<ServicePrincipal> followersOf(TenantId tenant, ServicePrincipalId leader) {
        return ledger.read(stores -> followersOf(stores, tenant, leader));
    }

    /// @param leader empty: it changes alone from now on, and keeps what it has
    public Outcome<ServicePrincipal> set(
            Actor actor, ServicePrincipalId follower, Optional<ServicePrincipalId> leader) {
        return ledger.change(actor, change -> set(change, follower, leader));
    }

    static ServicePrincipal set(Change change, ServicePrincipalId id, Optional<ServicePrincipalId> leaderId) {
        ServicePrincipal follower =
                change.found(change.stores().servicePrincipals().find(change.tenant(), id), "service principal", id);
        Optional<ServicePrincipal> before = leaderOf(change.stores(), change.tenant(), id);
        if (before.map(ServicePrincipal::id).equals(leaderId)) {
            return follower;
        }
        if (leaderId.isEmpty()) {
            change.stores().assignments().endStep(change.tenant(), id);
            note(change, follower, "");
            return follower;
        }
        ServicePrincipal leader = change.stores()
                .servicePrincipals()
                .find(change.tenant(), leaderId.get())
                .orElseThrow(() ->
                        Rejected.invalid("leaderId", "there is no service principal with id '" + leaderId.get() + "'"));
        check(change, follower, leader);
        takeRoles(change, leader, follower);
        change.stores().assignments().keepInStep(change.tenant(), follower.id(), leader.id());
        takeRequirement(change, leader, follower);
        note(change, follower, leader.displayName());
        return change.found(change.stores().servicePrincipals().find(change.tenant(), id), "service principal", id);
    }

    private static void check(Change change, ServicePrincipal follower, ServicePrincipal leader) {
        if (follower.id().equals(leader.id())) {
            throw Rejected.invalid(
                    "leaderId", "'" + leader.displayName() + "' cannot be kept in step with itself; name another one");
        }
        for (ServicePrincipal one : List.of(follower, leader)) {
            if (application(change.stores(), one).map(Application::system).orElse(false)) {
                throw Rejected.forbidden("service principal '" + one.displayName()
                        + "' belongs to Postern itself and cannot be changed");
            }
        }
        leaderOf(change.stores(), change.tenant(), leader.id()).ifPresent(above -> {
            throw Rejected.conflict("'" + leader.displayName() + "' is kept in step with '" + above.displayName()
                    + "' itself; follow that one (STEP-1)");
        });
        followersOf(change.stores(), change.tenant(), follower.id()).stream()
                .findFirst()
                .ifPresent(below -> {
                    throw Rejected.conflict("'" + below.displayName() + "' is kept in step with '"
                            + follower.displayName() + "'; a leader cannot follow another one (STEP-1)");
                });
    }

    /// @throws Rejected when its assignments are another one's
    static void refuseFollower(Change change, ServicePrincipal resource) {
        leaderOf(change.stores(), change.tenant(), resource.id()).ifPresent(leader -> {
            throw Rejected.conflict("'" + resource.displayName() + "' is kept in step with '" + leader.displayName()
                    + "': change it there, or end the step first (STEP-1)");
        });
    }

    /// The same entry for each that followed.
    static void noteFollowers(Change change, Activity activity, ServicePrincipal leader, Map<String, String> details) {
        for (ServicePrincipal follower : followersOf(change.stores(), change.tenant(), leader.id())) {
            var told = new HashMap<>(details);
            told.put("inStepWith", leader.displayName());
            change.note(activity, follower.id(), follower.displayName(), told);
        }
    }

    /// After the leader's roles have changed.
    static void followRoles(Change change, Application leader) {
        change.stores()
                .servicePrincipals()
                .findByAppId(change.tenant(), leader.appId())
                .ifPresent(principal -> followersOf(change.stores(), change.tenant(), principal.id())
                        .forEach(follower -> takeRoles(change, principal, follower)));
    }

    /// After it has changed whether everybody must be assigned.
    static void followRequirement(Change change, ServicePrincipal leader) {
        followersOf(change.stores(), change.tenant(), leader.id())
                .forEach(follower -> takeRequirement(change, leader, follower));
    }

    static Optional<ServicePrincipal> leaderOf(Stores stores, TenantId tenant, ServicePrincipalId follower) {
        return stores.assignments()
                .leaderOf(tenant, follower)
                .flatMap(leader -> stores.servicePrincipals().find(tenant, leader));
    }

    private static List<ServicePrincipal> followersOf(Stores stores, TenantId tenant, ServicePrincipalId leader) {
        return stores.assignments().followersOf(tenant, leader).stream()
                .flatMap(follower -> stores.servicePrincipals().find(tenant, follower).stream())
                .toList();
    }

    private static Optional<Application> application(Stores stores, ServicePrincipal principal) {
        return stores.applications().findByAppId(principal.appId());
    }

    private static void takeRoles(Change change, ServicePrincipal leader, ServicePrincipal follower) {
        List<AppRole> roles =
                application(change.stores(), leader).map(Application::appRoles).orElse(List.of());
        application(change.stores(), follower)
                .filter(own -> !own.appRoles().equals(roles))
                .ifPresent(own -> {
                    change.applications().update(own.with(roles));
                    change.note(
                            Activity.UPDATE_APPLICATION,
                            own.id(),
                            own.displayName(),
                            Map.of("inStepWith", leader.displayName(), "appRoles", Integer.toString(roles.size())));
                });
    }

    private static void takeRequirement(Change change, ServicePrincipal leader, ServicePrincipal follower) {
        if (follower.appRoleAssignmentRequired() == leader.appRoleAssignmentRequired()) {
            return;
        }
        ServicePrincipal changed = follower.requiring(leader.appRoleAssignmentRequired());
        change.stores().servicePrincipals().update(changed);
        change.note(
                Activity.UPDATE_SERVICE_PRINCIPAL,
                changed.id(),
                changed.displayName(),
                Differences.between(follower, changed),
                Map.of("inStepWith", leader.displayName()));
    }

    private static void note(Change change, ServicePrincipal follower, String leader) {
        change.note(Activity.KEEP_IN_STEP, follower.id(), follower.displayName(), Map.of("inStepWith", leader));
    }
}
