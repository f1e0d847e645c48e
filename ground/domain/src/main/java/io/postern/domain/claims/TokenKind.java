package io.postern.domain.claims;

/// In what an application is told about its user.
public enum TokenKind {
    /// Assertions, also those of WS-Federation.
    SAML(150, "http://schemas.microsoft.com/ws/2008/06/identity/claims/"),
    /// JSON Web Tokens.
    JWT(200, "");

    private final int groupsMax;
    private final String space;

    TokenKind(int groupsMax, String space) {
        this.groupsMax = groupsMax;
        this.space = space;
    }

    /// With more groups than these, none is named and a link is given.
    public int groupsMax() {
        return groupsMax;
    }

    /// Where groups and roles stand unless they have a name of their own.
    java.util.Optional<String> namespace() {
        return space.isEmpty() ? java.util.Optional.empty() : java.util.Optional.of(space);
    }
}
