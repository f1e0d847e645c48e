package io.postern.domain.client;

import java.util.Arrays;
import java.util.Optional;

/// Which groups stand in the tokens of an application (`groupMembershipClaims`).
public enum GroupClaims {
    NONE("None"),
    SECURITY_GROUP("SecurityGroup"),
    DIRECTORY_ROLE("DirectoryRole"),
    /// Only groups that are assigned to the application.
    APPLICATION_GROUP("ApplicationGroup"),
    ALL("All");

    private final String text;

    GroupClaims(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public static Optional<GroupClaims> of(String text) {
        return Arrays.stream(values()).filter(c -> c.text.equals(text)).findFirst();
    }
}
