package io.postern.domain.publish;

import java.util.Locale;
import java.util.Optional;

/// A header that proves to the backend who asks: a JSON Web Token signed by the service, for backends that verify
/// (IDT-1).
///
/// @param name of the request header
/// @param audience `aud` of the token; empty: the application's id
public record IdentityHeader(String name, Optional<String> audience) {
    public static final String DEFAULT_NAME = "X-Identity-Token";

    private static final int AUDIENCE_MAX = 256;

    public IdentityHeader {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!lower.matches("[a-z][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException("headerName '" + name
                    + "' is none; use letters, digits and hyphens, such as " + DEFAULT_NAME + " (IDT-1)");
        }
        if (SignOnHeader.isTaken(name)) {
            throw new IllegalArgumentException("headerName '" + name + "' means something else to every server; use one"
                    + " of your own, such as " + DEFAULT_NAME + " (IDT-1)");
        }
        if (audience.filter(text -> text.isBlank()
                        || text.length() > AUDIENCE_MAX
                        || !text.chars().allMatch(c -> c > ' ' && c < 127))
                .isPresent()) {
            throw new IllegalArgumentException("audience must be 1 to " + AUDIENCE_MAX
                    + " printable ASCII characters without blanks; null means the application's id (IDT-1)");
        }
    }

    /// In lower case, as fields are compared.
    public String field() {
        return name.toLowerCase(Locale.ROOT);
    }
}
