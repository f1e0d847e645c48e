package io.postern.domain.signon;

import java.util.Arrays;
import java.util.Optional;

/// By what an application signs its users on here; single sign-on of the gateway (3.2, 3.3) is the publication's
/// affair.
public enum SignOnMode {
    SAML("saml"),
    OIDC("oidc"),
    PASSWORD("password"),
    /// A tile that leads to a URL, nothing more.
    LINKED("linked"),
    NOT_SUPPORTED("notSupported");

    private final String text;

    SignOnMode(String text) {
        this.text = text;
    }

    /// As the API writes it (`preferredSingleSignOnMode`).
    public String text() {
        return text;
    }

    public static Optional<SignOnMode> of(String text) {
        return Arrays.stream(values()).filter(mode -> mode.text.equals(text)).findFirst();
    }
}
