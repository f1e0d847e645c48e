package io.postern.admin.enroll;

import io.helidon.webserver.http.ServerRequest;
import io.postern.admin.service.Updates;
import io.postern.domain.update.Proof;
import io.postern.web.BadRequest;
import io.postern.web.Json;
import io.postern.web.RequestFacts;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// `POST /updates/ask|prove|end`, for the updater of a connector, which proves the connector's certificate. Nothing in
/// the request names a connector.
final class UpdateEndpoint {
    private static final Refused.Kind UNKNOWN = new Refused.Kind(401, "unknownCertificate");
    private static final Refused.Kind DISABLED = new Refused.Kind(403, "disabled");

    /// No attack: a machine that slept comes too late.
    private static final Refused.Kind LEASE_LOST = new Refused.Kind(409, "leaseLost");

    private static final Pattern VERSION = Pattern.compile("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}");
    private static final int REASON_MAX = 2_000;

    private final Updates updates;

    UpdateEndpoint(Updates updates) {
        this.updates = updates;
    }

    ObjectNode ask(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = certificate(facts);
        ObjectNode json = Json.readObject(request);
        var question = new Updates.Question(
                version(json, "running"),
                json.has("offered") ? Optional.of(version(json, "offered")) : Optional.empty(),
                json.has("problem") ? text(json, "problem", REASON_MAX) : "",
                json.has("lease") ? Optional.of(text(json, "lease", Forms.TEXT_MAX)) : Optional.empty());
        Updates.Answer answer = Refused.expectDone(
                updates.ask(certificate, Optional.of(facts.clientAddress()), question), UNKNOWN, DISABLED, LEASE_LOST);
        ObjectNode body = Json.MAPPER.createObjectNode().put("reason", answer.reason());
        answer.lease().ifPresent(lease -> body.put("lease", lease).put("leaseSeconds", Updates.LEASE_LIFE.toSeconds()));
        return body;
    }

    ObjectNode prove(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = certificate(facts);
        ObjectNode json = Json.readObject(request);
        Proof proof = Refused.expectDone(
                updates.prove(certificate, text(json, "lease", Forms.TEXT_MAX), text(json, "process", Forms.TEXT_MAX)),
                UNKNOWN,
                DISABLED,
                LEASE_LOST);
        return Json.MAPPER.createObjectNode().put("proven", proof.proven()).put("reason", proof.reason());
    }

    ObjectNode end(ServerRequest request, RequestFacts facts) throws Refused {
        String certificate = certificate(facts);
        ObjectNode json = Json.readObject(request);
        if (!json.path("updated").isBoolean()) {
            throw new BadRequest("updated must be true or false");
        }
        boolean updated = json.path("updated").booleanValue();
        Refused.expectDone(
                updates.end(
                        certificate,
                        Optional.of(facts.clientAddress()),
                        text(json, "lease", Forms.TEXT_MAX),
                        updated,
                        updated ? "" : text(json, "reason", REASON_MAX)),
                UNKNOWN,
                DISABLED,
                LEASE_LOST);
        return Json.MAPPER.createObjectNode();
    }

    private static String certificate(RequestFacts facts) throws Refused {
        return facts.clientCertificate()
                .orElseThrow(() -> new Refused(
                        401, "noCertificate", "a connector proves itself by its certificate in the TLS handshake"));
    }

    private static String version(ObjectNode json, String name) {
        String text = Forms.text(json, name, Forms.TEXT_MAX);
        if (!VERSION.matcher(text).matches()) {
            throw new BadRequest(name + " must be a version such as 1.4.0");
        }
        return text;
    }

    /// Of a machine; shown in lists and logs.
    private static String text(ObjectNode json, String name, int max) {
        return Forms.printable(Forms.text(json, name, max));
    }
}
