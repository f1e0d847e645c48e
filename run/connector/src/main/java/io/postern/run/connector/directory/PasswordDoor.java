package io.postern.run.connector.directory;

import io.postern.base.PasswordSeal;
import io.postern.connector.ConnectorFault;
import io.postern.connector.directory.PasswordBind;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Identity;
import io.postern.connector.enroll.ServiceCall;
import io.postern.run.connector.directory.DirectoryService.Refused;
import io.postern.run.connector.directory.DirectoryService.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One node of the service that wants passwords checked (docs/protocol/directory.md), asked with the
/// connector's own
/// certificate. Calls block; thread-safe.
public final class PasswordDoor {
    private static final JsonMapper JSON = new JsonMapper();

    /// The service holds a question for 20 s.
    private static final Duration ASK_LIMIT = Duration.ofSeconds(40);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final int DETAIL_MAX = 900;

    /// @param object of the account, as [PasswordBind] takes it
    /// @param limit until nobody waits for the answer any more
    record Check(String id, String directory, String object, Duration limit, String sealed) {}

    /// @param pause before the next question
    record Turn(Duration pause, List<Check> checks) {}

    private final ServiceCall service;
    private final DataFolder folder;
    private final PasswordSeal seal = PasswordSeal.create();

    /// @param service on the way that the connector takes too, through the proxy if there is one
    public PasswordDoor(ServiceCall service, DataFolder folder) {
        this.service = service;
        this.folder = folder;
    }

    PasswordSeal seal() {
        return seal;
    }

    /// Waits until there is something to check, or a while without.
    Turn ask(Collection<String> directories, int free) {
        ObjectNode body = JSON.createObjectNode().put("key", seal.publicKey()).put("free", free);
        directories.forEach(body.putArray("directories")::add);
        JsonNode answer = call("/password/ask", body, ASK_LIMIT);
        return new Turn(
                Duration.ofSeconds(Math.clamp(answer.path("wait").asLong(0), 0, 300)),
                answer.path("checks")
                        .valueStream()
                        .map(check -> new Check(
                                check.path("id").asString(),
                                check.path("directory").asString(),
                                check.path("object").asString(),
                                Duration.ofMillis(check.path("limitMillis").asLong()),
                                check.path("sealed").asString()))
                        .toList());
    }

    void answer(String id, PasswordBind.Answer answer) {
        String detail = answer.message();
        ObjectNode body = JSON.createObjectNode()
                .put("id", id)
                .put("verdict", answer.verdict().word())
                .put("detail", detail.length() > DETAIL_MAX ? detail.substring(0, DETAIL_MAX) + "..." : detail);
        call("/password/answer", body, ANSWER_LIMIT);
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
        String said = "the service answered " + path + " with " + answer.status() + answer.said();
        if (answer.status() >= 500 || answer.status() == 401 || answer.status() == 403 || answer.status() == 429) {
            throw new Unavailable(said);
        }
        if (answer.status() != 200) {
            throw new Refused(said);
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException e) {
            throw new Unavailable("the service answered " + path + " with no JSON", e);
        }
    }
}
