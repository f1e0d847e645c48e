package io.postern.domain.directory;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// What somebody may be in an application; the application reads the value in the `roles` claim (ASG-7).
///
/// @param id a UUID in lower case, never all zero: that is "Default Access"
/// @param value empty: the role is assigned, but no claim says so
/// @param enabled only then it can be assigned, and only a disabled role can be removed
public record AppRole(
        String id,
        String displayName,
        Optional<String> value,
        String description,
        Set<Member> memberTypes,
        boolean enabled) {
    private static final int TEXT_MAX = 1024;
    private static final int NAME_MAX = 256;
    private static final int VALUE_MAX = 120;

    /// Who may have the role; `USER` stands for groups as well.
    public enum Member {
        USER("User"),
        APPLICATION("Application");

        private final String graphName;

        Member(String graphName) {
            this.graphName = graphName;
        }

        public String graphName() {
            return graphName;
        }
    }

    /// @throws IllegalArgumentException with a sentence about what is wrong
    public AppRole {
        id = id(id);
        memberTypes = Set.copyOf(new TreeSet<>(memberTypes));
        if (displayName.isBlank() || displayName.length() > NAME_MAX) {
            throw new IllegalArgumentException("displayName of an app role must have 1 to 256 characters");
        }
        if (description.length() > TEXT_MAX) {
            throw new IllegalArgumentException("description of an app role must have at most 1024 characters");
        }
        if (memberTypes.isEmpty()) {
            throw new IllegalArgumentException(
                    "allowedMemberTypes of app role '" + displayName + "' is empty; use User, Application or both");
        }
        // printable ASCII without the characters that split lists in tokens and fields
        value.filter(v -> !v.matches("[!#-+\\--\\[\\]-~]{1," + VALUE_MAX + "}") || v.startsWith("."))
                .ifPresent(v -> {
                    throw new IllegalArgumentException("value '" + v + "' of app role '" + displayName
                            + "' must have 1 to 120 printable ASCII characters without space, comma, quote and"
                            + " backslash, and not start with a dot");
                });
    }

    private static String id(String text) {
        String id = text.toLowerCase(Locale.ROOT);
        try {
            UUID uuid = UUID.fromString(id);
            if (uuid.toString().equals(id) && uuid.getMostSignificantBits() != 0) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IllegalArgumentException("id '" + text + "' of an app role is no UUID, or all zero");
    }
}
