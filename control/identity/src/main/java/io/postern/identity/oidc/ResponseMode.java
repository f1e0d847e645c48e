package io.postern.identity.oidc;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How an authorization answer reaches the client (OAuth 2.0 Multiple Response Type Encoding Practices).
enum ResponseMode {
    QUERY,
    FRAGMENT,
    FORM_POST;

    static Optional<ResponseMode> of(String text) {
        return Arrays.stream(values()).filter(m -> m.text().equals(text)).findFirst();
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
