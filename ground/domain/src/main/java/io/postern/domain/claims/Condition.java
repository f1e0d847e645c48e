package io.postern.domain.claims;

import java.util.Set;

/// For whom a row of a rule counts (CLM-2).
///
/// @param groups ids of at most 50; a member of any of them; empty asks for none
public record Condition(Users users, Set<String> groups) {
    public static final int GROUPS_MAX = 50;

    /// Which accounts.
    public enum Users {
        ANY,
        MEMBERS,
        ALL_GUESTS,
        ENTRA_GUESTS,
        EXTERNAL_GUESTS;

        boolean holds(Person.Kind kind) {
            return switch (this) {
                case ANY -> true;
                case MEMBERS -> kind == Person.Kind.MEMBER;
                case ALL_GUESTS -> kind != Person.Kind.MEMBER;
                case ENTRA_GUESTS -> kind == Person.Kind.ENTRA_GUEST;
                case EXTERNAL_GUESTS -> kind == Person.Kind.EXTERNAL_GUEST;
            };
        }
    }

    public Condition {
        groups = Set.copyOf(groups);
        if (groups.size() > GROUPS_MAX) {
            throw new ClaimsFault(
                    "memberOf", groups.size() + " groups are named; one condition may name " + GROUPS_MAX + " (CLM-2)");
        }
    }

    boolean holds(Person person) {
        return users.holds(person.kind())
                && (groups.isEmpty()
                        || person.groups().stream().anyMatch(membership -> groups.contains(membership.id())));
    }
}
