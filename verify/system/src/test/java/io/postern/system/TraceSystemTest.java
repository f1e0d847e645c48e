package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// `postern exchange trace` through real gateway, tunnel and connector (section 6.1).
class TraceSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRACES = "v1.0/onPremisesPublishingProfiles/applicationProxy/traces";

    private final Quickstart quickstart = Quickstart.shared();
    private final Browser browser = new Browser(quickstart.authority());
    private final URI sense = quickstart.application("sense");

    @TempDir
    private Path folder;

    private String api(String method, String path) throws Exception {
        var request = HttpRequest.newBuilder(quickstart.url("api").resolve("/" + path))
                .header("Authorization", "Bearer " + quickstart.apiToken())
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString("{}"));
        return browser.client().send(request.build(), BodyHandlers.ofString()).body();
    }

    private JsonNode running() throws Exception {
        return JSON.readTree(api("GET", TRACES)).path("value").path(0);
    }

    private static List<JsonNode> of(JsonNode log, String page) {
        return log.path("entries")
                .valueStream()
                .filter(e -> e.path("pageref").asString().equals(page))
                .toList();
    }

    private int exchanges(String path) throws Exception {
        return JSON.readTree(api("GET", path)).path("exchanges").asInt();
    }

    @Test
    void recordsBothSidesWithoutSecretsUntilItsEnd() throws Exception {
        browser.openSignedIn(sense.resolve("hub"), quickstart.user(), quickstart.password());
        String cookies = browser.cookiesFor(sense.getHost());
        Path file = folder.resolve("b.simon.har");
        var traced = CompletableFuture.supplyAsync(() -> quickstart.cli(
                "exchange",
                "trace",
                "--app",
                "sense",
                "--user",
                quickstart.user(),
                "--for",
                "2m",
                "-o",
                file.toString()));
        Await.until("the trace runs", () -> running().path("status").asString().equals("running"));
        String path = TRACES + "/" + running().path("id").asString();

        URI asked = sense.resolve("api/echo?token=hunter2");
        browser.client()
                .send(HttpRequest.newBuilder(sense.resolve("hub")).build(), BodyHandlers.ofString()); // a stranger
        Await.until(
                "it is recorded",
                () -> { // once: what comes before the gateway knows of the trace is not
                    browser.client()
                            .send(
                                    HttpRequest.newBuilder(asked)
                                            .header("Cookie", cookies + "; sid=hunter3")
                                            .header("X-Api-Key", "hunter4")
                                            .header("X-Forwarded-Host", "evil.example")
                                            .build(),
                                    BodyHandlers.ofString());
                    long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
                    while (exchanges(path) == 0 && System.nanoTime() < patience) {
                        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                    }
                    return exchanges(path) == 1;
                });
        api("POST", path + "/end");
        String said = traced.get().expectSuccess();

        assertTrue(said.contains("2 entries written"), said);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String text = Files.readString(file);
        for (String secret : List.of("hunter", cookies.substring(cookies.indexOf('=') + 1))) {
            assertFalse(text.contains(secret), text);
        }
        JsonNode log = JSON.readTree(text).path("log");
        JsonNode client = of(log, "client").getFirst();
        JsonNode backend = of(log, "backend").getFirst();
        assertEquals(client.path("_exchange"), backend.path("_exchange"));
        assertEquals(200, client.at("/response/status").asInt());
        assertEquals(200, backend.at("/response/status").asInt());
        assertTrue(
                client.at("/request/url").asString().startsWith(sense + "api/echo?token=(blanked-7-"),
                client.at("/request/url").asString());
        assertTrue(backend.at("/request/url").asString().startsWith("http://"), backend.toString());
        assertEquals("evil.example", field(client, "x-forwarded-host"));
        assertEquals(sense.getAuthority(), field(backend, "x-forwarded-host"));
        String key = field(client, "x-api-key");
        assertTrue(key.startsWith("(blanked-7-"), key);
        assertEquals(key, field(backend, "x-api-key"), "the same value has the same mark");
        assertTrue(field(client, "cookie").contains("__Host-postern-access-"));
        assertFalse(field(backend, "cookie").contains("postern-access"), "CK-4 is seen to be kept");
        assertTrue(api("GET", TRACES).contains("\"value\":[]"), "nothing stays at the service");
        assertTrue(api("GET", "v1.0/auditLogs/directoryAudits?$top=10").contains("Start trace of exchanges"));
    }

    private static String field(JsonNode entry, String name) {
        return entry.at("/request/headers")
                .valueStream()
                .filter(f -> f.path("name").asString().equalsIgnoreCase(name))
                .map(f -> f.path("value").asString())
                .findFirst()
                .orElse("");
    }

    @Test
    void refusesWhatCannotBeTraced() {
        Command.Result nobody = quickstart.cli("exchange", "trace", "--app", "sense", "--user", "x@y.example");
        Command.Result never =
                quickstart.cli("exchange", "trace", "--app", "sense", "--user", quickstart.user(), "--for", "tomorrow");
        Command.Result ages =
                quickstart.cli("exchange", "trace", "--app", "sense", "--user", quickstart.user(), "--for", "2h");

        assertTrue(nobody.exit() != 0 && nobody.errors().contains("x@y.example"), nobody.errors());
        assertTrue(never.errors().contains("give a time such as 30s, 5m or 1h"), never.errors());
        assertTrue(ages.errors().contains("PT1H"), ages.errors());
    }
}
