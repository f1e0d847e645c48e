package io.postern.admin.service;

import io.postern.domain.InternalUrl;
import io.postern.domain.publish.BackendTls;
import io.postern.web.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A backend as questions to connectors describe it (docs/protocol/tunnel.md §6).
final class AskedBackend {
    private AskedBackend() {}

    static ObjectNode of(InternalUrl inside, BackendTls tls) {
        ObjectNode backend = Json.MAPPER
                .createObjectNode()
                .put("scheme", inside.scheme())
                .put("host", inside.host())
                .put("port", inside.port());
        ObjectNode trust = backend.putObject("tls").put("validate", tls.validate());
        ArrayNode pins = trust.putArray("pins");
        tls.pins().forEach(pins::add);
        tls.serverName().ifPresent(name -> trust.put("serverName", name));
        tls.clientCertificate().ifPresent(name -> trust.put("clientCertificate", name));
        return backend;
    }
}
