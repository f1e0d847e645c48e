package io.postern.domain.snapshot;

import io.postern.domain.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Who may enter an application, as sets that applications share: a group of 50,000 that 200 applications are
/// assigned to is held once, not as ten million entries.
///
/// @param sets immutable; a user may be in several
public record AssignedUsers(List<Set<UserId>> sets) {
    public static final AssignedUsers NOBODY = new AssignedUsers(List.of());

    public AssignedUsers {
        sets = sets.stream().filter(set -> !set.isEmpty()).map(Set::copyOf).toList(); // no copy of an immutable one
    }

    public static AssignedUsers of(Set<UserId> users) {
        return new AssignedUsers(List.of(users));
    }

    /// As well as these; the set is shared, not copied.
    public AssignedUsers and(Set<UserId> more) {
        var all = new ArrayList<>(sets);
        all.add(more);
        return new AssignedUsers(all);
    }

    public boolean contains(UserId user) {
        for (Set<UserId> set : sets) {
            if (set.contains(user)) {
                return true;
            }
        }
        return false;
    }

    /// Everybody once. Costs as much as there are users: for a test or a report, not for a request.
    public Set<UserId> users() {
        var all = new HashSet<UserId>();
        sets.forEach(all::addAll);
        return Set.copyOf(all);
    }
}
