package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.base.Outcome.Violation;
import io.postern.domain.ClaimsMappingPolicyId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.claims.SharedClaims;
import io.postern.domain.publish.Application;
import io.postern.domain.signon.SamlSignOn;
import io.postern.store.ClaimsMappingPolicy;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Claims policies that applications share (7.2). An application goes by one at most; what such a policy says takes
/// the place of what stands in the application's own, for assertions and tokens alike, and a change of it is one of all
/// of them. One that is gone by cannot be deleted.
public final class ClaimsMappings {
    private static final int NAME_MAX = 256;

    private final Ledger ledger;

    public ClaimsMappings(Ledger ledger) {
        this.ledger = ledger;
    }

    /// What a caller sends of a policy.
    ///
    /// @param definition JSON that has been read
    public record Draft(Edit<String> displayName, Edit<String> definition) {}

    public List<ClaimsMappingPolicy> list(TenantId tenant) {
        return ledger.read(stores -> stores.claimsMappingPolicies().list(tenant));
    }

    public Outcome<ClaimsMappingPolicy> find(TenantId tenant, ClaimsMappingPolicyId id) {
        return ledger.look(stores -> found(stores, tenant, id));
    }

    /// The applications that go by it.
    public Outcome<List<ServicePrincipal>> appliesTo(TenantId tenant, ClaimsMappingPolicyId id) {
        return ledger.look(stores -> {
            found(stores, tenant, id);
            return users(stores, tenant, id);
        });
    }

    /// By which policy an application goes: none or one.
    public Outcome<List<ClaimsMappingPolicy>> of(TenantId tenant, ServicePrincipalId id) {
        return ledger.look(stores -> SignOns.stored(stores, SignOns.principal(stores, tenant, id)).shared().stream()
                .map(shared -> found(stores, tenant, shared.id()))
                .toList());
    }

    public Outcome<ClaimsMappingPolicy> create(Actor actor, Draft draft) {
        return ledger.change(actor, change -> {
            var policy = new ClaimsMappingPolicy(
                    change.tenant(),
                    ClaimsMappingPolicyId.random(),
                    draft.displayName().or(""),
                    draft.definition().or(""));
            put(change, policy);
            change.note(Activity.ADD_CLAIMS_POLICY, policy.id(), policy.displayName());
            return policy;
        });
    }

    /// Counts for every application that goes by it, from its next token or assertion on.
    public Outcome<ClaimsMappingPolicy> patch(Actor actor, ClaimsMappingPolicyId id, Draft draft) {
        return ledger.change(actor, change -> {
            ClaimsMappingPolicy old = found(change.stores(), change.tenant(), id);
            var changed = new ClaimsMappingPolicy(
                    old.tenant(),
                    id,
                    draft.displayName().or(old.displayName()),
                    draft.definition().or(old.definition()));
            if (!changed.equals(old)) {
                put(change, changed);
                change.note(
                        Activity.UPDATE_CLAIMS_POLICY,
                        id,
                        changed.displayName(),
                        Differences.between("", old, changed),
                        Map.of("servicePrincipals", names(users(change.stores(), change.tenant(), id))));
            }
            return changed;
        });
    }

    private static void put(Change change, ClaimsMappingPolicy policy) {
        int length = policy.displayName().length();
        if (policy.displayName().isBlank() || length > NAME_MAX) {
            throw Rejected.invalid(List.of(new Violation(
                    "displayName",
                    "displayName has " + length + " characters; it needs 1 to " + NAME_MAX + ", not spaces alone")));
        }
        change.stores().claimsMappingPolicies().put(policy);
    }

    public Outcome<ClaimsMappingPolicy> delete(Actor actor, ClaimsMappingPolicyId id) {
        return ledger.change(actor, change -> {
            ClaimsMappingPolicy policy = found(change.stores(), change.tenant(), id);
            List<ServicePrincipal> users = users(change.stores(), change.tenant(), id);
            if (!users.isEmpty()) {
                throw Rejected.conflict("claims policy '" + policy.displayName() + "' is in use by " + names(users)
                        + "; take it away from them first (DELETE"
                        + " /servicePrincipals/{id}/claimsMappingPolicies/" + id + "/$ref)");
            }
            change.stores().claimsMappingPolicies().delete(change.tenant(), id);
            change.note(Activity.DELETE_CLAIMS_POLICY, id, policy.displayName());
            return policy;
        });
    }

    public Outcome<ServicePrincipal> assign(Actor actor, ServicePrincipalId to, ClaimsMappingPolicyId id) {
        return ledger.change(actor, change -> {
            ServicePrincipal principal = editable(change, to);
            ClaimsMappingPolicy policy = found(change.stores(), change.tenant(), id);
            SamlSignOn signOn = SignOns.stored(change.stores(), principal);
            Optional<SharedClaims> old = signOn.shared();
            if (old.isPresent()) {
                throw Rejected.conflict("application '" + principal.displayName() + "' goes by claims policy '"
                        + old.get().name() + "' already"
                        + (old.get().id().equals(id)
                                ? ""
                                : ", and by one at most; take that away first (DELETE /servicePrincipals/" + to
                                        + "/claimsMappingPolicies/"
                                        + old.get().id() + "/$ref)"));
            }
            change.stores().samlSignOns().put(signOn); // nobody may have set anything of it yet
            change.stores().claimsMappingPolicies().assign(change.tenant(), principal.appId(), id);
            note(change, Activity.ASSIGN_CLAIMS_POLICY, principal, policy);
            return principal;
        });
    }

    /// The application says again what it has of its own.
    public Outcome<ServicePrincipal> unassign(Actor actor, ServicePrincipalId from, ClaimsMappingPolicyId id) {
        return ledger.change(actor, change -> {
            ServicePrincipal principal = editable(change, from);
            ClaimsMappingPolicy policy = found(change.stores(), change.tenant(), id);
            if (!change.stores().claimsMappingPolicies().unassign(change.tenant(), principal.appId(), id)) {
                throw Rejected.notFound("claims policy of application '" + principal.displayName() + "'", id);
            }
            note(change, Activity.UNASSIGN_CLAIMS_POLICY, principal, policy);
            return principal;
        });
    }

    private static ServicePrincipal editable(Change change, ServicePrincipalId id) {
        ServicePrincipal principal = SignOns.principal(change.stores(), change.tenant(), id);
        Application application = change.found(
                change.stores().applications().findByAppId(principal.appId()), "application", principal.appId());
        Applications.editable(change, application.id());
        return principal;
    }

    private static void note(Change change, Activity activity, ServicePrincipal principal, ClaimsMappingPolicy policy) {
        change.note(
                activity,
                principal.id(),
                principal.displayName(),
                Map.of("policy", policy.displayName(), "policyId", policy.id().value()));
    }

    private static ClaimsMappingPolicy found(Stores stores, TenantId tenant, ClaimsMappingPolicyId id) {
        return stores.claimsMappingPolicies()
                .find(tenant, id)
                .orElseThrow(() -> Rejected.notFound("claims policy", id));
    }

    private static List<ServicePrincipal> users(Stores stores, TenantId tenant, ClaimsMappingPolicyId id) {
        return stores.claimsMappingPolicies().assigned(tenant, id).stream()
                .flatMap(app -> stores.servicePrincipals().findByAppId(tenant, app).stream())
                .toList();
    }

    private static String names(List<ServicePrincipal> principals) {
        return String.join(
                ", ",
                principals.stream()
                        .map(principal -> "'" + principal.displayName() + "'")
                        .toList());
    }
}
