package io.postern.domain.publish;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A header that proves to the backend who asks: a JSON Web Token signed by the service, for backends that verify
/// (IDT-1).
///
/// @param name of the request header
/// @param audience `aud` of the token; empty: the application's id
public record IdentityHeader(String name, Optional<String> audience) {
    public static final String DEFAULT_NAME = "X-Identity-Token";

    private static final int AUDIENCE_MAX = 256;

    /// They frame a request, belong to one hop, or mean something to every server.
    private static final Set<String> TAKEN = Set.of(
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "cookie",
            "expect",
            "host",
            "origin",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    public IdentityHeader {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!lower.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException("headerName '" + name
                    + "' is none; use letters, digits and hyphens, such as " + DEFAULT_NAME + " (IDT-1)");
        }
        if (TAKEN.contains(lower)
                || lower.startsWith("postern-")
                || lower.startsWith("sec-")
                || lower.startsWith("proxy-")) {
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
