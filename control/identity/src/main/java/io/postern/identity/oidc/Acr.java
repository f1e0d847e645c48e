package io.postern.identity.oidc;

import io.postern.web.Parameters;
import java.util.Arrays;
import java.util.List;

/// Names of how well a user proved who he is (claim `acr`, parameter `acr_values`).
final class Acr {
    /// One method, such as a password.
    static final String SINGLE = "1";
    /// Two independent ones, or a passkey that verified its user.
    static final String MULTIPLE = "mfa";

    static final List<String> SUPPORTED = List.of(SINGLE, MULTIPLE);

    private Acr() {}

    /// The request takes nothing less than a second factor. Values that we do not know ask for nothing.
    static boolean needsMultiple(Parameters parameters) {
        List<String> asked = Arrays.asList(parameters.oneOrEmpty("acr_values").split(" ", -1));
        return asked.contains(MULTIPLE) && !asked.contains(SINGLE);
    }
}
