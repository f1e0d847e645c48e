package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The contract of `bin/postern quickstart`.
class QuickstartSystemTest {
    @TempDir
    Path data;

    @Test
    void printsOneLineOfTheAgreedShape() throws Exception {
        try (var quickstart = Quickstart.start(data, "--publish", "wiki=http://127.0.0.1:9/")) {
            JsonNode ready = quickstart.ready();

            assertEquals(
                    Set.of(
                            "ready",
                            "baseDomain",
                            "listen",
                            "login",
                            "portal",
                            "connect",
                            "api",
                            "apiToken",
                            "caCertificate",
                            "tenant",
                            "users",
                            "apps",
                            "metrics"),
                    Set.copyOf(ready.propertyNames()));
            assertTrue(ready.path("ready").asBoolean());
            assertEquals("postern.localhost", ready.path("baseDomain").asString());
            assertEquals("127.0.0.1:" + quickstart.port(), ready.path("listen").asString());
            for (String[] host :
                    new String[][] {{"login", "login"}, {"portal", "myapps"}, {"connect", "connect"}, {"api", "api"}}) {
                assertEquals(
                        "https://" + host[1] + ".postern.localhost:" + quickstart.port() + "/",
                        ready.path(host[0]).asString());
            }
            assertEquals("contoso", ready.path("tenant").asString());
            assertEquals("b.simon@contoso.example", quickstart.user());
            assertEquals(
                    List.of("sense", "wiki"),
                    StreamSupport.stream(ready.path("apps").spliterator(), false)
                            .map(a -> a.path("displayName").asString())
                            .sorted()
                            .toList());
            assertEquals(
                    URI.create("https://wiki-contoso.postern.localhost:" + quickstart.port() + "/"),
                    quickstart.application("wiki"));
            assertTrue(ready.path("metrics").asString().startsWith("http://127.0.0.1:"));
            assertEquals(1, quickstart.standardOutput().size());
            assertTrue(
                    quickstart.standardError().stream().anyMatch(l -> l.contains("wiki")),
                    "an unreachable backend is warned about");
        }
    }

    @Test
    void keepsEverythingPrivateInOneFolder() throws Exception {
        try (var quickstart = Quickstart.start(data, "--no-demo")) {
            assertTrue(quickstart.authority().startsWith(data));
            try (var files = Files.walk(data)) {
                for (Path file : files.toList()) {
                    String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                    boolean publicCertificate = file.equals(quickstart.authority());
                    assertTrue(publicCertificate || rights.endsWith("---"), file + " is " + rights);
                }
            }
        }
    }

    @Test
    void resumesWithTheSameDataOnAnotherPort() {
        String firstPassword;
        String firstToken;
        int firstPort;
        try (var first = Quickstart.start(data)) {
            firstPassword = first.password();
            firstToken = first.apiToken();
            firstPort = first.port();
            assertEquals(0, first.stop());
        }
        try (var second = Quickstart.start(data)) {
            assertEquals(firstPassword, second.password());
            assertEquals(firstToken, second.apiToken());
            assertNotEquals(firstPort, second.port());
            var browser = new Browser(second.authority());

            var page = browser.openSignedIn(
                    second.application("sense").resolve("hub?a=1"), second.user(), second.password());

            assertEquals(200, page.status());
            assertEquals(second.application("sense").resolve("hub?a=1"), page.uri());
        }
    }

    @Test
    void stopsWithinFiveSecondsAndLeavesNoProcess() throws Exception {
        try (var quickstart = Quickstart.start(data)) {
            List<ProcessHandle> children = quickstart.process().descendants().toList();
            assertFalse(children.isEmpty(), "the connector is a process of its own");

            quickstart.process().destroy();

            assertTrue(quickstart.process().waitFor(5, TimeUnit.SECONDS));
            for (ProcessHandle child : children) {
                child.onExit().get(5, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void leavesNoProcessWhenKilled() throws Exception {
        try (var quickstart = Quickstart.start(data, "--no-demo")) {
            List<ProcessHandle> children = quickstart.process().descendants().toList();

            quickstart.process().destroyForcibly();

            for (ProcessHandle child : children) {
                child.onExit().get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void restartsAConnectorThatDied() throws Exception {
        try (var quickstart = Quickstart.start(data)) {
            var browser = new Browser(quickstart.authority());
            URI hub = quickstart.application("sense").resolve("hub");
            assertEquals(
                    200,
                    browser.openSignedIn(hub, quickstart.user(), quickstart.password())
                            .status());

            quickstart.connector().destroyForcibly();

            Await.until("the application answers again", () -> browser.open(hub).status() == 200);
        }
    }

    @Test
    void runsWithoutConnectorAndSaysSoAtOnce() {
        try (var quickstart = Quickstart.start(data, "--no-connector")) {
            var browser = new Browser(quickstart.authority());

            var page = browser.openSignedIn(quickstart.application("sense"), quickstart.user(), quickstart.password());

            assertEquals(504, page.status());
            assertTrue(page.body().contains("Gateway Timeout"), page.body());
        }
    }
}
