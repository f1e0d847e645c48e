package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.store.RoleStore;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who administers (4.8). Nobody gives a role to himself or takes one from himself, so that it always takes two.
public final class RoleAssignments {
    /// @param principal user or service principal id
    /// @param name user principal name, or name of the service principal
    public record Held(String principal, String name, boolean person, AdminRole role) {}

    private record Holder(String name, boolean person) {}

    private final Ledger ledger;

    public RoleAssignments(Ledger ledger) {
        this.ledger = ledger;
    }

    public List<Held> list(TenantId tenant) {
        return ledger.read(stores -> Arrays.stream(AdminRole.values())
                .flatMap(role -> stores.roles().holders(tenant, role.templateId()).stream()
                        .flatMap(id -> holder(stores, tenant, id).stream()
                                .map(holder -> new Held(id, holder.name(), holder.person(), role))))
                .toList());
    }

    /// @param role template id
    public Outcome<Held> grant(Actor actor, String principal, String role) {
        return ledger.change(actor, change -> {
            AdminRole wanted = AdminRole.byTemplate(role)
                    .orElseThrow(() -> Rejected.invalid(
                            "roleDefinitionId", "there is no role '" + role + "'; see GET /directoryRoles"));
            Holder holder = holder(change.stores(), change.tenant(), principal)
                    .orElseThrow(() -> Rejected.invalid(
                            "principalId", "there is no user or service principal with id '" + principal + "'"));
            if (principal.equals(actor.principal())) {
                throw Rejected.forbidden("nobody can give himself a role; let another administrator do it");
            }
            if (change.stores().roles().rolesOf(change.tenant(), principal).contains(role)) {
                throw Rejected.conflict("'" + holder.name() + "' holds the role already");
            }
            change.stores().roles().grant(change.tenant(), principal, role);
            change.note(Activity.GRANT_ROLE, principal, holder.name(), Map.of("role", wanted.displayName()));
            return new Held(principal, holder.name(), holder.person(), wanted);
        });
    }

    /// @param role template id
    public Outcome<Held> revoke(Actor actor, String principal, String role) {
        return ledger.change(actor, change -> {
            Optional<AdminRole> held = AdminRole.byTemplate(role)
                    .filter(r -> change.stores()
                            .roles()
                            .rolesOf(change.tenant(), principal)
                            .contains(role));
            if (held.isEmpty()) {
                throw Rejected.notFound("role assignment", principal + "_" + role);
            }
            if (principal.equals(actor.principal())) {
                throw Rejected.conflict("nobody can take a role from himself; let another administrator do it");
            }
            Optional<User> person = user(change.stores(), change.tenant(), principal);
            if (role.equals(RoleStore.GLOBAL_ADMINISTRATOR)) {
                person.ifPresent(user -> LastAdministrator.keep(change, user));
            }
            Holder holder = holder(change.stores(), change.tenant(), principal)
                    .orElse(new Holder(principal, person.isPresent()));
            change.stores().roles().revoke(change.tenant(), principal, role);
            change.note(
                    Activity.REVOKE_ROLE,
                    principal,
                    holder.name(),
                    Map.of("role", held.get().displayName()));
            return new Held(principal, holder.name(), holder.person(), held.get());
        });
    }

    private static Optional<Holder> holder(Stores stores, TenantId tenant, String id) {
        return user(stores, tenant, id)
                .map(user -> new Holder(user.userPrincipalName(), true))
                .or(() -> principal(stores, tenant, id).map(p -> new Holder(p.displayName(), false)));
    }

    private static Optional<User> user(Stores stores, TenantId tenant, String id) {
        try {
            return stores.users().find(tenant, new UserId(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<ServicePrincipal> principal(Stores stores, TenantId tenant, String id) {
        try {
            return stores.servicePrincipals().find(tenant, new ServicePrincipalId(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
