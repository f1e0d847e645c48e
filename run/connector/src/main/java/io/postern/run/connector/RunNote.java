package io.postern.run.connector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a running connector leaves in its data folder for commands on the same machine: who it is and where its
/// metrics are. Removed at the end; a note whose process is gone counts for nothing.
///
/// @param metrics URL of `/metrics`
/// @param service as it was given
record RunNote(long pid, String version, String metrics, String service) {
    private static final String FILE = "running.json";
    private static final JsonMapper JSON = new JsonMapper();

    /// Never keeps a connector from running.
    void write(Path data) {
        try {
            Files.writeString(
                    data.resolve(FILE),
                    JSON.writeValueAsString(JSON.createObjectNode()
                                    .put("pid", pid)
                                    .put("version", version)
                                    .put("metrics", metrics)
                                    .put("service", service))
                            + "\n");
        } catch (IOException e) {
            LoggerFactory.getLogger("connector")
                    .atWarn()
                    .addKeyValue("reason", e.toString())
                    .log("no note of this process could be left in the data folder");
        }
    }

    RunNote withMetrics(String url) {
        return new RunNote(pid, version, url, service);
    }

    /// Where two processes share the folder during an update, the later one's note stays.
    void remove(Path data) {
        try {
            if (stored(data).filter(this::equals).isPresent()) {
                Files.deleteIfExists(data.resolve(FILE));
            }
        } catch (IOException e) {
            LoggerFactory.getLogger("connector").debug("the note stays", e);
        }
    }

    /// @return empty when no connector runs on that folder
    static Optional<RunNote> read(Path data) {
        return stored(data)
                .filter(note -> ProcessHandle.of(note.pid)
                        .filter(ProcessHandle::isAlive)
                        .isPresent());
    }

    private static Optional<RunNote> stored(Path data) {
        try {
            JsonNode note = JSON.readTree(Files.readString(data.resolve(FILE)));
            return Optional.of(new RunNote(
                    note.path("pid").asLong(0),
                    note.path("version").asString(""),
                    note.path("metrics").asString(""),
                    note.path("service").asString("")));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }
}
