package io.postern.domain;

import java.util.Arrays;

/// Whether users sign in before anything reaches the inside (1.5). The Graph value stands in the API.
public enum PreAuthentication {
    POSTERN("aadPreAuthentication"),
    PASSTHROUGH("passthru");

    private final String graphValue;

    PreAuthentication(String graphValue) {
        this.graphValue = graphValue;
    }

    public String graphValue() {
        return graphValue;
    }

    /// @throws IllegalArgumentException naming the values allowed
    public static PreAuthentication ofGraph(String value) {
        return Arrays.stream(values())
                .filter(v -> v.graphValue.equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "externalAuthenticationType '" + value + "' is unknown; use aadPreAuthentication or passthru"));
    }
}
