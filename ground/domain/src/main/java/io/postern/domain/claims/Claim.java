package io.postern.domain.claims;

import java.util.List;
import java.util.Optional;

/// One attribute of an assertion, or one member of a token.
///
/// @param namespace put before the name with a slash in SAML; JSON tokens carry the bare name
/// @param values at least one
public record Claim(String name, Optional<String> namespace, NameFormat nameFormat, List<String> values) {
    /// What the name is said to be, in SAML.
    public enum NameFormat {
        UNSPECIFIED("urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"),
        URI("urn:oasis:names:tc:SAML:2.0:attrname-format:uri"),
        BASIC("urn:oasis:names:tc:SAML:2.0:attrname-format:basic");

        private final String urn;

        NameFormat(String urn) {
            this.urn = urn;
        }

        public String urn() {
            return urn;
        }
    }

    public Claim {
        values = List.copyOf(values);
    }

    /// The name as SAML writes it: with its namespace.
    public String fullName() {
        return namespace
                .map(space -> space.endsWith("/") ? space + name : space + "/" + name)
                .orElse(name);
    }
}
