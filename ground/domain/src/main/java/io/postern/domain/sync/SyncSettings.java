package io.postern.domain.sync;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What of a directory is synchronised, how, and how often.
///
/// @param bases below which is read; empty: the whole directory
/// @param excluded below which nothing is taken
/// @param members groups whose members alone are wanted
/// @param mapping what differs from the usual, by property; `group.` before those of groups
/// @param softMatch whether an object may take over a user who is here already
/// @param passwordCheck who says whether a user's password is right
public record SyncSettings(
        List<DirectoryName> bases,
        List<DirectoryName> excluded,
        Optional<String> userFilter,
        Optional<String> groupFilter,
        MemberSelection members,
        Map<String, String> mapping,
        Duration interval,
        DeletionLimit deletions,
        boolean softMatch,
        PasswordCheck passwordCheck) {
    public static final Duration INTERVAL = Duration.ofMinutes(30);
    private static final Duration INTERVAL_MIN = Duration.ofMinutes(1);
    private static final Duration INTERVAL_MAX = Duration.ofDays(7);
    private static final int PLACES_MAX = 100;
    private static final int FILTER_MAX = 2_048;

    /// @throws IllegalArgumentException with a sentence that names what is wrong
    public SyncSettings {
        bases = List.copyOf(bases);
        excluded = List.copyOf(excluded);
        mapping = Map.copyOf(mapping);
        if (bases.size() > PLACES_MAX || excluded.size() > PLACES_MAX) {
            throw new IllegalArgumentException(
                    "bases and excluded may name " + PLACES_MAX + " places each, such as OU=Staff,DC=corp,DC=test");
        }
        if (interval.compareTo(INTERVAL_MIN) < 0 || interval.compareTo(INTERVAL_MAX) > 0) {
            throw new IllegalArgumentException("the interval is " + interval.toMinutes()
                    + " minutes but must be from 1 to " + INTERVAL_MAX.toMinutes());
        }
        userFilter.ifPresent(filter -> check("userFilter", filter));
        groupFilter.ifPresent(filter -> check("groupFilter", filter));
        SyncMapping.of(mapping);
    }

    /// Whether an object of this name is synchronised.
    public boolean covers(DirectoryName name) {
        return (bases.isEmpty() || bases.stream().anyMatch(name::isWithin))
                && excluded.stream().noneMatch(name::isWithin);
    }

    /// Whether other objects are read, or read in another way.
    public boolean readsAs(SyncSettings other) {
        return new SyncSettings(
                        bases,
                        excluded,
                        userFilter,
                        groupFilter,
                        members,
                        mapping,
                        interval,
                        deletions,
                        softMatch,
                        other.passwordCheck)
                .equals(other);
    }

    /// Whether an object can leave the selection without its directory telling so in a delta.
    public boolean filters() {
        return userFilter.isPresent() || groupFilter.isPresent() || !members.isAll();
    }

    /// What users must match, by filter and by membership, as one LDAP filter.
    public Optional<String> selection() {
        return members.filter(userFilter);
    }

    private static void check(String property, String filter) {
        int depth = 0;
        for (int i = 0; i < filter.length() && depth >= 0; i++) {
            depth += filter.charAt(i) == '(' ? 1 : filter.charAt(i) == ')' ? -1 : 0;
        }
        if (filter.length() > FILTER_MAX || depth != 0 || !filter.startsWith("(") || !filter.endsWith(")")) {
            throw new IllegalArgumentException(property + " '" + filter + "' is no LDAP filter such as"
                    + " (department=Sales) of at most " + FILTER_MAX + " characters (RFC 4515)");
        }
    }
}
