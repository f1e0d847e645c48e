package io.postern.domain.claims;

import java.util.Arrays;
import java.util.Optional;

/// Forms of a NameID.
public enum NameIdFormat {
    PERSISTENT("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
    EMAIL_ADDRESS("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
    UNSPECIFIED("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
    WINDOWS_DOMAIN_QUALIFIED_NAME("urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName"),
    /// Another one at each sign-on; only when the request asks.
    TRANSIENT("urn:oasis:names:tc:SAML:2.0:nameid-format:transient");

    private final String urn;

    NameIdFormat(String urn) {
        this.urn = urn;
    }

    public String urn() {
        return urn;
    }

    public static Optional<NameIdFormat> ofUrn(String urn) {
        return Arrays.stream(values()).filter(format -> format.urn.equals(urn)).findFirst();
    }

    /// Whether a request may ask for it: the four of 3.4; anything else is an error.
    public boolean mayBeRequested() {
        return this != WINDOWS_DOMAIN_QUALIFIED_NAME;
    }
}
