package io.postern.run.connector.update;

import io.postern.base.HostPort;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Identity;
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

    private final HostPort service;
    private final DataFolder folder;

    TunnelService(HostPort service, DataFolder folder) {
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
        JsonNode answer = call("/updates/ask", body);
        return new Answer(
                answer.has("lease") ? Optional.of(answer.path("lease").asString("")) : Optional.empty(),
                Duration.ofSeconds(Math.max(3, answer.path("leaseSeconds").asInt(60))),
                answer.path("reason").asString(""));
    }

    @Override
    public Proof prove(String lease, String process) {
        JsonNode answer = call(
                "/updates/prove", JSON.createObjectNode().put("lease", lease).put("process", process));
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
                        .put("reason", reason));
    }

    private JsonNode call(String path, ObjectNode body) {
        Identity identity = folder.identity()
                .orElseThrow(() -> new Unavailable("the connector is not registered yet, so nobody can be asked"));
        MutualCall.Answer answer = MutualCall.post(service, identity, path, JSON.writeValueAsBytes(body));
        try {
            JsonNode json = JSON.readTree(answer.body());
            if (answer.status() == 200) {
                return json;
            }
            String said = json.path("error").path("message").asString("");
            throw new Unavailable("the service answered " + path + " with " + answer.status()
                    + (said.isEmpty() ? "" : " (" + said.replaceAll("\\p{Cntrl}", " ") + ")"));
        } catch (JacksonException e) {
            throw new Unavailable("the service answered " + path + " with " + answer.status() + " and no JSON", e);
        }
    }
}
