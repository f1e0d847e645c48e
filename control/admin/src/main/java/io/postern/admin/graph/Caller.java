package io.postern.admin.graph;

import io.postern.admin.service.Actor;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AdminRole;
import java.util.Set;

/// Who calls, proved by a token.
///
/// @param person false for a service principal
/// @param roles held at this moment
record Caller(Actor actor, boolean person, Set<AdminRole> roles) {
    boolean may(Action action) {
        return action == Action.OWN
                ? person
                : roles.stream().anyMatch(role -> role.actions().contains(action));
    }
}
