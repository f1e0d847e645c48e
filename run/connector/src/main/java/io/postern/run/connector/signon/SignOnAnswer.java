package io.postern.run.connector.signon;

import io.postern.connector.form.LoginProof;
import io.postern.connector.form.LoginSettings;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How an application signs its users in, as the service tells it with a password and with a question
/// (docs/protocol/tunnel.md §6).
final class SignOnAnswer {
    private SignOnAnswer() {}

    /// @throws IllegalArgumentException when this release does not know it
    static LoginSettings settings(JsonNode json) {
        return new LoginSettings(
                json.path("page").asString(""),
                text(json, "userField"),
                text(json, "passwordField"),
                Map.of(),
                new LoginProof(text(json, "proofCookie"), text(json, "proofText")),
                text(json, "signOut"));
    }

    private static Optional<String> text(JsonNode json, String name) {
        return Optional.of(json.path(name).asString("")).filter(text -> !text.isEmpty());
    }
}
