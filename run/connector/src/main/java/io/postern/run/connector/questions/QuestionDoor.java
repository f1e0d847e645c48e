package io.postern.run.connector.questions;

import io.postern.connector.ConnectorFault;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Identity;
import io.postern.connector.enroll.ServiceCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One node of the service that may have questions (docs/protocol/tunnel.md §6), asked with the connector's own
/// certificate. Calls block; thread-safe.
public final class QuestionDoor {
    static final JsonMapper JSON = new JsonMapper();

    /// The service holds a request for 20 s.
    private static final Duration ASK_LIMIT = Duration.ofSeconds(40);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    /// @param limit until nobody waits for the answer any more
    record Question(String id, String kind, Duration limit, ObjectNode body) {}

    /// @param pause before the next request
    record Turn(Duration pause, List<Question> questions) {}

    /// The service cannot be asked now.
    static final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message);
        }

        Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final ServiceCall service;
    private final DataFolder folder;
    private final String process = UUID.randomUUID().toString();

    /// @param service on the way that the connector takes too, through the proxy if there is one
    public QuestionDoor(ServiceCall service, DataFolder folder) {
        this.service = service;
        this.folder = folder;
    }

    /// Waits until there is a question, or a while without.
    Turn ask(Collection<String> kinds, int free) {
        ObjectNode body = JSON.createObjectNode().put("process", process).put("free", free);
        kinds.forEach(body.putArray("kinds")::add);
        JsonNode answer = call("/questions/ask", body, ASK_LIMIT);
        return new Turn(
                Duration.ofSeconds(Math.clamp(answer.path("wait").asLong(0), 0, 300)),
                answer.path("questions")
                        .valueStream()
                        .map(QuestionDoor::question)
                        .toList());
    }

    private static Question question(JsonNode json) {
        return new Question(
                json.path("id").asString(""),
                json.path("kind").asString(""),
                Duration.ofMillis(Math.max(0, json.path("limitMillis").asLong(0))),
                json.get("body") instanceof ObjectNode body ? body : JSON.createObjectNode());
    }

    void answer(String id, ObjectNode answer) {
        ObjectNode body = JSON.createObjectNode().put("id", id);
        body.set("body", answer);
        call("/questions/answer", body, ANSWER_LIMIT);
    }

    private JsonNode call(String path, ObjectNode body, Duration limit) {
        ServiceCall.Answer answer;
        try {
            Identity identity = folder.identity()
                    .orElseThrow(() -> new Unavailable("the connector is not registered yet, so nobody can be asked"));
            answer = service.post(identity, path, body.toString().getBytes(StandardCharsets.UTF_8), limit);
        } catch (ConnectorFault e) {
            throw new Unavailable(String.valueOf(e.getMessage()), e);
        }
        if (answer.status() != 200) {
            throw new Unavailable("the service answered " + path + " with " + answer.status() + answer.said());
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException e) {
            throw new Unavailable("the service answered " + path + " with no JSON", e);
        }
    }
}
