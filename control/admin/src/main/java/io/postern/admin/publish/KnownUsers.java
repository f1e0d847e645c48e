package io.postern.admin.publish;

import io.postern.domain.UserId;
import io.postern.domain.snapshot.AssignedUsers;
import io.postern.domain.snapshot.Snapshot;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The sets of users that the snapshot in force holds. One that has not changed is taken from there, so that
/// two pictures of a large tenant share their users, and comparing them looks at no user.
///
/// Used for one build.
final class KnownUsers {
    private final Map<Set<UserId>, Set<UserId>> inForce = new HashMap<>();
    private final IdentityHashMap<Set<UserId>, Set<UserId>> met =
            new IdentityHashMap<>(); // counts a shared set's users once

    KnownUsers(Optional<Snapshot> inForce) {
        var distinct = new IdentityHashMap<Set<UserId>, Boolean>();
        inForce.stream()
                .flatMap(snapshot -> snapshot.applications().stream())
                .flatMap(application -> application.assigned().sets().stream())
                .forEach(set -> distinct.put(set, true));
        distinct.keySet().forEach(set -> this.inForce.put(set, set));
    }

    AssignedUsers shared(AssignedUsers users) {
        return new AssignedUsers(users.sets().stream()
                .map(set -> met.computeIfAbsent(set, s -> inForce.getOrDefault(s, s)))
                .toList());
    }
}
