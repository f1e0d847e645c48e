package io.postern.admin.service;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AdminRole;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.Set;
import java.util.stream.Collectors;

/// What an actor may do to others, judged in the transaction of the change by the roles that both hold then.
/// Routes ask before whether he may do such a thing at all.
final class Authority {
    private Authority() {}

    /// @throws Rejected when the target's roles are not below the actor's (4.8)
    static void overUser(Change change, Action action, User target) {
        if (change.actor().isService()) {
            return;
        }
        Set<AdminRole> held =
                roles(change.stores(), change.tenant(), target.id().value());
        if (!AdminRole.mayChange(rolesOf(change), action, held)) {
            throw Rejected.forbidden(
                    held.isEmpty()
                            ? "'" + change.actor().name() + "' may not do this to '" + target.userPrincipalName() + "'"
                            : "'" + target.userPrincipalName() + "' holds " + names(held)
                                    + "; a Global Administrator must do this");
        }
    }

    /// @throws Rejected when whoever has the principal's credentials could do more than the actor
    static void overPrincipal(Change change, ServicePrincipal target) {
        if (change.actor().isService()) {
            return;
        }
        Set<AdminRole> held =
                roles(change.stores(), change.tenant(), target.id().value());
        if (!AdminRole.mayActAs(rolesOf(change), held)) {
            throw Rejected.forbidden("service principal '" + target.displayName() + "' holds " + names(held)
                    + "; only somebody who may do the same can make credentials for it");
        }
    }

    /// @throws Rejected when there is no such service principal, or as [#overPrincipal(Change, ServicePrincipal)]
    static ServicePrincipal overPrincipal(Change change, ServicePrincipalId target) {
        ServicePrincipal principal = change.found(
                change.stores().servicePrincipals().find(change.tenant(), target), "service principal", target);
        overPrincipal(change, principal);
        return principal;
    }

    static Set<AdminRole> rolesOf(Change change) {
        return roles(change.stores(), change.tenant(), change.actor().principal());
    }

    static Set<AdminRole> roles(Stores stores, TenantId tenant, String principal) {
        return AdminRole.byTemplates(stores.roles().rolesOf(tenant, principal));
    }

    private static String names(Set<AdminRole> roles) {
        return roles.stream().map(AdminRole::displayName).sorted().collect(Collectors.joining(", "));
    }
}
