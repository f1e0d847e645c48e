package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.admin.Installation.Response;
import io.postern.fixtures.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A tenant with a source of synchronisation; the test plays directory and connector.
abstract class SyncSite {
    static final String STAFF = "OU=Staff," + ScriptedDirectory.ROOT;
    static final String OLD = "OU=Old," + ScriptedDirectory.ROOT;

    @TempDir
    Path folder;

    Installation service;
    FakeClock clock;
    ScriptedDirectory directory;
    String source;

    @BeforeEach
    void open() {
        clock = new FakeClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        service = new Installation(folder, clock);
        directory = new ScriptedDirectory(service, "dc-reader");
        source = service.post(
                        "/sync/sources",
                        "{\"name\":\"corp\",\"bases\":[\"DC=corp,DC=test\"],\"excluded\":[\"" + OLD + "\"]}")
                .text("/id");
    }

    @AfterEach
    void close() {
        service.close();
    }

    void later() {
        clock.advance(Duration.ofMinutes(30));
    }

    void start(String body) {
        clock.advance(Duration.ofSeconds(1)); // the newest cycle is the one that began last
        assertEquals(
                204, service.post("/sync/sources/" + source + "/start", body).status());
    }

    JsonNode user(String name) {
        Response response = service.get("/users/" + name + "@contoso.example");
        assertEquals(200, response.status(), name);
        return response.json();
    }

    String group(String name) {
        for (JsonNode group : service.get("/groups").json().path("value")) {
            if (group.path("displayName").asString().equals(name)) {
                return group.path("id").asString();
            }
        }
        throw new AssertionError("there is no group " + name);
    }

    /// Users who are direct members.
    List<String> members(String group) {
        JsonNode members =
                service.get("/groups/" + group(group) + "/members").json().path("value");
        return StreamSupport.stream(members.spliterator(), false)
                .filter(m -> m.has("userPrincipalName"))
                .map(m -> m.path("userPrincipalName").asString())
                .sorted()
                .toList();
    }

    JsonNode status() {
        return service.get("/sync/sources/" + source).json().path("status");
    }

    JsonNode lastCycle() {
        return status().path("lastCycle");
    }

    List<JsonNode> cycles() {
        return StreamSupport.stream(
                        service.get("/sync/sources/" + source + "/cycles")
                                .json()
                                .path("value")
                                .spliterator(),
                        false)
                .toList();
    }

    List<JsonNode> errors() {
        return StreamSupport.stream(
                        service.get("/sync/sources/" + source + "/errors")
                                .json()
                                .path("value")
                                .spliterator(),
                        false)
                .toList();
    }
}
