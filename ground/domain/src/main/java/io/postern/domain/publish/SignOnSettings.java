package io.postern.domain.publish;

import io.postern.domain.PreAuthentication;
import java.util.Set;

/// What the gateway and the connector do so that the backend knows the user.
public record SignOnSettings(BackendSignOn how) {
    public static final SignOnSettings DEFAULT = new SignOnSettings(new BackendSignOn.None());

    /// Requests carry something that depends on who asks.
    public boolean needsPerson() {
        return !(how instanceof BackendSignOn.None);
    }

    /// Request fields, in lower case, that clients may not send.
    public Set<String> reservedFields() {
        return how.reservedFields();
    }

    /// @throws IllegalArgumentException naming what cannot be without sign-in before (SSO-1)
    void checkWith(PreAuthentication preAuthentication) {
        if (needsPerson() && preAuthentication == PreAuthentication.PASSTHROUGH) {
            throw new IllegalArgumentException("singleSignOnMode '" + how.graphMode()
                    + "' needs users that are known, and the application is passthrough; set"
                    + " externalAuthenticationType to aadPreAuthentication, or singleSignOnMode to none (SSO-1)");
        }
    }
}
