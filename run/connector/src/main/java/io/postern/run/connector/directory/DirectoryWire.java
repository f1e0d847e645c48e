package io.postern.run.connector.directory;

import io.postern.connector.directory.DirectoryEntry;
import io.postern.connector.directory.DirectoryEntry.Members;
import io.postern.connector.directory.DirectoryJob;
import io.postern.connector.directory.DirectoryScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Jobs and entries as they travel (docs/protocol/tunnel.md §6).
final class DirectoryWire {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int WAIT_SECONDS = 10;
    private static final int WAIT_SECONDS_MAX = 600;
    private static final int PAGE_ENTRIES = 200;
    private static final int PAGE_ENTRIES_MAX = 1000;

    private DirectoryWire() {}

    /// @throws IllegalArgumentException when it holds a job that is none
    static DirectoryService.Answer answer(JsonNode answer) {
        int wait = Math.clamp(answer.path("wait").asInt(WAIT_SECONDS), 1, WAIT_SECONDS_MAX);
        JsonNode job = answer.path("job");
        return new DirectoryService.Answer(
                Duration.ofSeconds(wait),
                answer.path("standby").asBoolean(false),
                job.isObject() ? Optional.of(job(job)) : Optional.empty());
    }

    private static DirectoryJob job(JsonNode job) {
        String id = job.path("id").asString("");
        String directory = job.path("directory").asString("");
        if (id.isEmpty() || directory.isEmpty()) {
            throw new IllegalArgumentException("'id' or 'directory' is missing");
        }
        String kind = job.path("kind").asString("");
        return new DirectoryJob(
                id,
                directory,
                switch (kind) {
                    case "full" -> DirectoryJob.Kind.FULL;
                    case "delta" -> DirectoryJob.Kind.DELTA;
                    case "preview" -> DirectoryJob.Kind.PREVIEW;
                    default ->
                        throw new IllegalArgumentException(
                                "'kind' is '" + kind + "'; this connector knows full, delta and preview: update it");
                },
                text(job, "cursor"),
                new DirectoryScope(
                        texts(job, "bases"),
                        texts(job, "excluded"),
                        text(job, "userFilter"),
                        text(job, "groupFilter"),
                        texts(job, "userAttributes"),
                        texts(job, "groupAttributes")),
                Math.clamp(job.path("pageEntries").asInt(PAGE_ENTRIES), 1, PAGE_ENTRIES_MAX));
    }

    static String entry(DirectoryEntry entry) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", entry.id())
                .put("kind", entry.kind().word())
                .put("dn", entry.dn())
                .put("deleted", entry.deleted());
        ObjectNode attributes = json.putObject("attributes");
        entry.attributes().forEach((name, values) -> fill(attributes.putArray(name), values));
        if (entry.members().isEmpty()) {
            json.putNull("members");
        } else {
            Members members = entry.members().get();
            ObjectNode into = json.putObject("members").put("complete", members.complete());
            if (members.piece() != Members.Piece.WHOLE) {
                into.put("piece", members.piece().word());
            }
            fill(into.putArray("add"), members.add());
            fill(into.putArray("remove"), members.remove());
        }
        return json.toString();
    }

    private static void fill(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }

    private static Optional<String> text(JsonNode job, String name) {
        String text = job.path(name).asString("");
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    private static List<String> texts(JsonNode job, String name) {
        var all = new ArrayList<String>();
        job.path(name).forEach(each -> all.add(each.asString("")));
        return all;
    }
}
