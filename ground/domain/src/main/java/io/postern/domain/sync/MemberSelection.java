package io.postern.domain.sync;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Only users who are members of one of these groups; of no groups: all users.
///
/// @param nested also by groups within them, which Active Directory can tell
public record MemberSelection(List<DirectoryName> groups, boolean nested) {
    public static final MemberSelection ALL = new MemberSelection(List.of(), true);

    /// LDAP_MATCHING_RULE_IN_CHAIN.
    private static final String IN_CHAIN = "1.2.840.113556.1.4.1941";

    private static final int GROUPS_MAX = 20;

    /// @throws IllegalArgumentException with a sentence that names what is wrong
    public MemberSelection {
        groups = List.copyOf(groups);
        if (groups.size() > GROUPS_MAX) {
            throw new IllegalArgumentException("membersOf names " + groups.size() + " groups, but at most " + GROUPS_MAX
                    + " can be asked for; put them into one group of the directory");
        }
    }

    public boolean isAll() {
        return groups.isEmpty();
    }

    /// As one LDAP filter (RFC 4515).
    ///
    /// @param more that the users must match besides
    public Optional<String> filter(Optional<String> more) {
        if (isAll()) {
            return more;
        }
        String attribute = nested ? "memberOf:" + IN_CHAIN + ":=" : "memberOf=";
        String each = groups.stream()
                .map(group -> "(" + attribute + escaped(group.text()) + ")")
                .collect(Collectors.joining());
        String any = groups.size() == 1 ? each : "(|" + each + ")";
        return Optional.of(more.map(filter -> "(&" + filter + any + ")").orElse(any));
    }

    private static String escaped(String text) {
        var out = new StringBuilder();
        text.chars().forEach(c -> {
            switch (c) {
                case '\\' -> out.append("\\5c");
                case '*' -> out.append("\\2a");
                case '(' -> out.append("\\28");
                case ')' -> out.append("\\29");
                case 0 -> out.append("\\00");
                default -> out.append((char) c);
            }
        });
        return out.toString();
    }
}
