package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.RoleStore;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who administers. One role so far: Global Administrator (4.8).
public final class RoleAssignments {
    /// @param principal user or service principal id
    public record Held(String principal, String role) {}

    private final Ledger ledger;

    public RoleAssignments(Ledger ledger) {
        this.ledger = ledger;
    }

    public List<Held> list(TenantId tenant) {
        return ledger.read(stores -> stores.roles().holders(tenant, RoleStore.GLOBAL_ADMINISTRATOR).stream()
                .map(holder -> new Held(holder, RoleStore.GLOBAL_ADMINISTRATOR))
                .toList());
    }

    public Outcome<Held> grant(Actor actor, String principal, String role) {
        return ledger.change(actor, change -> {
            if (!role.equals(RoleStore.GLOBAL_ADMINISTRATOR)) {
                throw Rejected.invalid(
                        "roleDefinitionId",
                        "there is no role '" + role + "'; use " + RoleStore.GLOBAL_ADMINISTRATOR
                                + " (Global Administrator)");
            }
            String name = name(change.stores(), change.tenant(), principal)
                    .orElseThrow(() -> Rejected.invalid(
                            "principalId", "there is no user or service principal with id '" + principal + "'"));
            if (change.stores().roles().rolesOf(change.tenant(), principal).contains(role)) {
                throw Rejected.conflict("'" + name + "' holds the role already");
            }
            change.stores().roles().grant(change.tenant(), principal, role);
            change.note(Activity.GRANT_ROLE, principal, name, Map.of("role", role));
            return new Held(principal, role);
        });
    }

    public Outcome<Held> revoke(Actor actor, String principal, String role) {
        return ledger.change(actor, change -> {
            boolean held =
                    change.stores().roles().rolesOf(change.tenant(), principal).contains(role);
            if (!held) {
                throw Rejected.notFound("role assignment", principal + "_" + role);
            }
            if (principal.equals(actor.principal())) {
                throw Rejected.conflict("nobody can take the role from himself; let another administrator do it");
            }
            change.stores().roles().revoke(change.tenant(), principal, role);
            change.note(Activity.REVOKE_ROLE, principal, principal, Map.of("role", role));
            return new Held(principal, role);
        });
    }

    private static Optional<String> name(Stores stores, TenantId tenant, String id) {
        try {
            return stores.users()
                    .find(tenant, new UserId(id))
                    .map(User::userPrincipalName)
                    .or(() -> stores.servicePrincipals()
                            .find(tenant, new ServicePrincipalId(id))
                            .map(ServicePrincipal::displayName));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
