package io.postern.run.connector.questions;

import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.BackendTlsSettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The backend that a question is about, as the service describes it (docs/protocol/tunnel.md §6).
public final class AskedBackend {
    private AskedBackend() {}

    /// @param id for logs
    /// @throws IllegalArgumentException when it is none
    public static BackendSettings read(String id, JsonNode json) {
        JsonNode tls = json.path("tls");
        var pins = new HashSet<String>();
        tls.path("pins").forEach(pin -> pins.add(pin.asString("")));
        return new BackendSettings(
                id,
                json.path("scheme").asString(""),
                json.path("host").asString(""),
                json.path("port").asInt(0),
                new BackendTlsSettings(
                        tls.path("validate").asBoolean(true),
                        pins,
                        text(tls, "serverName"),
                        text(tls, "clientCertificate")),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1));
    }

    private static Optional<String> text(JsonNode json, String name) {
        return json.path(name).isString() ? Optional.of(json.path(name).asString()) : Optional.empty();
    }
}
