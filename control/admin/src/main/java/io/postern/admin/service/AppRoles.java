package io.postern.admin.service;

import io.postern.domain.directory.AppRole;
import io.postern.domain.publish.Application;
import io.postern.store.Assignment;
import io.postern.store.ServicePrincipal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What an application lets people and other applications be in it (ASG-7).
final class AppRoles {
    private static final int MAX = 1200;

    private AppRoles() {}

    /// Judges the roles as a whole, and takes away the assignments of those that go.
    ///
    /// @throws Rejected when two are alike, or one goes that is enabled
    static List<AppRole> changed(Change change, Application old, List<AppRole> wanted) {
        Set<String> ids = check(wanted);
        List<AppRole> gone =
                old.appRoles().stream().filter(role -> !ids.contains(role.id())).toList();
        gone.stream().filter(AppRole::enabled).findFirst().ifPresent(role -> {
            throw Rejected.conflict("app role '" + role.displayName()
                    + "' is enabled; disable it (isEnabled false) before it is removed (ASG-7)");
        });
        forget(change, old, gone.stream().map(AppRole::id).collect(Collectors.toSet()));
        return wanted;
    }

    /// @return their ids
    /// @throws Rejected when two are alike, or they are too many
    static Set<String> check(List<AppRole> wanted) {
        if (wanted.size() > MAX) {
            throw Rejected.invalid("appRoles", "an application can have " + MAX + " app roles (4.10)");
        }
        var ids = new HashSet<String>();
        var values = new HashSet<String>();
        for (AppRole role : wanted) {
            if (!ids.add(role.id())) {
                throw Rejected.invalid("appRoles", "two app roles have the id '" + role.id() + "'");
            }
            if (role.value().filter(value -> !values.add(value)).isPresent()) {
                throw Rejected.invalid(
                        "appRoles",
                        "two app roles have the value '" + role.value().get() + "'; each needs its own");
            }
        }
        return ids;
    }

    private static void forget(Change change, Application application, Set<String> roles) {
        Optional<ServicePrincipal> principal =
                change.stores().servicePrincipals().findByAppId(change.tenant(), application.appId());
        if (roles.isEmpty() || principal.isEmpty()) {
            return;
        }
        for (Assignment assignment : change.stores()
                .assignments()
                .ofResource(change.tenant(), principal.get().id())) {
            if (roles.contains(assignment.appRoleId())) {
                Assignments.remove(change, principal.get().id(), assignment.id());
            }
        }
    }
}
