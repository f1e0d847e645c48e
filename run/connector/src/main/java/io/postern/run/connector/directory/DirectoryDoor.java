package io.postern.run.connector.directory;

import io.postern.connector.ConnectorFault;
import io.postern.connector.directory.DirectoryFault;
import io.postern.connector.directory.DirectoryReading.Outcome;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Identity;
import io.postern.connector.enroll.ServiceCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The service behind the connectors' door, asked with the connector's own certificate. The identity is read
/// from the data folder for each question: the connector renews it there.
public final class DirectoryDoor implements DirectoryService {
    private static final JsonMapper JSON = new JsonMapper();

    /// A page is a transaction of the service's.
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

    private static final int CONFLICT = 409;
    private static final int TEXT_MAX = 900;

    private final ServiceCall service;
    private final DataFolder folder;

    /// @param service on the way that the connector takes too, through the proxy if there is one
    public DirectoryDoor(ServiceCall service, DataFolder folder) {
        this.service = service;
        this.folder = folder;
    }

    @Override
    public Answer ask(String directory, Optional<String> working) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("directories").add(directory);
        working.ifPresent(job -> body.put("working", job));
        try {
            return DirectoryWire.answer(call("/directory/ask", body.toString()));
        } catch (IllegalArgumentException e) {
            throw new Unavailable("the service's job is not understood: " + e.getMessage(), e);
        }
    }

    @Override
    public int page(String job, int sequence, String entries) {
        String body = "{\"job\":" + JSON.writeValueAsString(job) + ",\"sequence\":" + sequence + ",\"entries\":["
                + entries + "]}";
        return call("/directory/page", body).path("next").asInt(sequence + 1);
    }

    @Override
    public void done(String job, Outcome outcome) {
        ObjectNode body = JSON.createObjectNode().put("job", job).put("outcome", "done");
        outcome.cursor().ifPresentOrElse(cursor -> body.put("cursor", cursor), () -> body.putNull("cursor"));
        ArrayNode warnings = body.putArray("warnings");
        outcome.warnings()
                .forEach(w -> warnings.addObject()
                        .put("code", w.code())
                        .put("message", cut(w.message()))
                        .put("remedy", cut(w.remedy())));
        call("/directory/end", body.toString());
    }

    @Override
    public void failed(String job, DirectoryFault fault) {
        ObjectNode body = JSON.createObjectNode().put("job", job).put("outcome", "failed");
        body.putObject("error")
                .put("code", fault.code().word())
                .put("message", cut(fault.message()))
                .put("remedy", cut(fault.remedy()));
        call("/directory/end", body.toString());
    }

    /// Names and filters of a directory may be long.
    private static String cut(String text) {
        return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "..." : text;
    }

    private JsonNode call(String path, String body) {
        ServiceCall.Answer answer;
        try {
            Identity identity = folder.identity()
                    .orElseThrow(() -> new Unavailable("the connector is not registered yet, so nobody can be asked"));
            answer = service.post(identity, path, body.getBytes(StandardCharsets.UTF_8), ANSWER_LIMIT);
        } catch (ConnectorFault e) {
            throw new Unavailable(String.valueOf(e.getMessage()), e);
        }
        String said = "the service answered " + path + " with " + answer.status() + answer.said();
        if (answer.status() == CONFLICT) {
            throw new JobLost(said);
        }
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
