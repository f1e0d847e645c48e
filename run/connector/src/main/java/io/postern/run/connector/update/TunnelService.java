package io.postern.run.connector.update;

import io.postern.connector.ConnectorFault;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Identity;
import io.postern.connector.enroll.ServiceCall;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Asks the service with the connector's own certificate (docs/protocol/tunnel.md §6). The identity is read from the
/// data folder for each question: the connector renews it there.
final class TunnelService implements UpdateService {
    private static final JsonMapper JSON = new JsonMapper();

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    /// A proof may wait for slow backends.
    private static final Duration PROOF_LIMIT = Duration.ofSeconds(90);

    private final ServiceCall service;
    private final DataFolder folder;

    /// @param service on the way that the connector takes too, through the proxy if there is one
    TunnelService(ServiceCall service, DataFolder folder) {
        this.service = service;
        this.folder = folder;
    }

    @Override
    public Answer ask(Question question, Optional<String> lease) {
        ObjectNode body = JSON.createObjectNode().put("running", question.running());
        question.offered().ifPresent(version -> body.put("offered", version));
        if (!question.problem().isEmpty()) {
            body.put("problem", question.problem());
        }
        lease.ifPresent(id -> body.put("lease", id));
        JsonNode answer = call("/updates/ask", body, ANSWER_LIMIT);
        return new Answer(
                answer.has("lease") ? Optional.of(answer.path("lease").asString("")) : Optional.empty(),
                Duration.ofSeconds(Math.max(3, answer.path("leaseSeconds").asInt(60))),
                answer.path("reason").asString(""));
    }

    @Override
    public Proof prove(String lease, String process) {
        JsonNode answer = call(
                "/updates/prove", JSON.createObjectNode().put("lease", lease).put("process", process), PROOF_LIMIT);
        return new Proof(
                answer.path("proven").asBoolean(false), answer.path("reason").asString("no reason given"));
    }

    @Override
    public void end(String lease, boolean updated, String reason) {
        call(
                "/updates/end",
                JSON.createObjectNode()
                        .put("lease", lease)
                        .put("updated", updated)
                        .put("reason", reason),
                ANSWER_LIMIT);
    }

    private JsonNode call(String path, ObjectNode body, Duration limit) {
        try {
            Identity identity = folder.identity()
                    .orElseThrow(() -> new Unavailable("the connector is not registered yet, so nobody can be asked"));
            ServiceCall.Answer answer = service.post(identity, path, JSON.writeValueAsBytes(body), limit);
            if (answer.status() == 200) {
                return JSON.readTree(answer.body());
            }
            throw new Unavailable("the service answered " + path + " with " + answer.status() + answer.said());
        } catch (ConnectorFault e) {
            throw new Unavailable(String.valueOf(e.getMessage()), e);
        } catch (JacksonException e) {
            throw new Unavailable("the service answered " + path + " with no JSON", e);
        }
    }
}
