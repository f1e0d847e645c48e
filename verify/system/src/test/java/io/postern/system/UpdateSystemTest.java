package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.postern.fixtures.Browser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Updates of a connector that serves, with real builds, real processes and requests under way all the time; the only
/// connector of its group, so that every gap would show. Longer than most, since an update takes seconds and each
/// begins where the one before has ended.
class UpdateSystemTest {
    private static final String BODY = "from the inside ".repeat(500);

    @TempDir
    Path folder;

    private Quickstart quickstart;
    private HttpServer backend;
    private Builds builds;
    private HttpClient client;
    private UpdaterProcess updater;
    private List<String> log = List.of();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private volatile boolean loading = true;

    @BeforeEach
    void start() throws IOException {
        backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        backend.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        backend.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, BODY.length());
                exchange.getResponseBody().write(BODY.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
        });
        backend.start();
        quickstart = Quickstart.start(folder.resolve("service"), "--no-connector");
        client = Browser.client(quickstart.authority());
        builds = new Builds(folder.resolve("releases"));
        quickstart
                .cli(
                        "app",
                        "publish",
                        "--name",
                        "wiki",
                        "--preauth",
                        "passthrough",
                        "--internal-url",
                        "http://127.0.0.1:" + backend.getAddress().getPort() + "/")
                .expectSuccess();
        startUpdater();
    }

    private void startUpdater() throws IOException {
        updater = UpdaterProcess.start(
                builds.installation("1.0.0"),
                quickstart,
                folder.resolve("connector"),
                "--manifest",
                builds.manifest().toString(),
                "--public-key",
                builds.publicKey().toString(),
                "--grace",
                "10");
        log = updater.log();
    }

    @AfterEach
    void stop() {
        loading = false;
        try {
            updater.close();
        } finally {
            quickstart.close();
            backend.stop(0);
        }
    }

    @Test
    void replacesVersionsWithoutALostRequestAndGoesBackFromBrokenOnes() throws Exception {
        URI wiki = URI.create("https://wiki-contoso.postern.localhost:" + quickstart.port() + "/");
        Await.until("the first version serves: " + log, () -> ask(wiki).isEmpty());
        List<Thread> load = load(wiki);

        // a major release goes by itself (UPD-1)
        long first = updater.connectorPid();
        builds.release("2.0.0");
        Await.until("2.0.0 runs: " + log, () -> state("current", "2.0.0"));
        assertFalse(ProcessHandle.of(first).map(ProcessHandle::isAlive).orElse(false), "the old process has ended");
        String running = UpdaterProcess.commandLine(updater.connectorPid());
        assertTrue(running.contains("versions/2.0.0/lib/connector"), running);
        assertTrue(quickstart.cli("connector", "list").expectSuccess().contains("2.0.0"));

        // one that starts, gets its tunnels up, and cannot serve
        long second = updater.connectorPid();
        builds.release("3.0.0", "/StreamExchange.class");
        Await.until("3.0.0 is rolled back: " + log, () -> state("rolledBack", "2.0.0") && failed().equals("3.0.0"));
        assertTrue(status().path("reason").asString("").contains("proof failed"), status().toString());

        // one that crashes
        builds.release("4.0.0", "/RunningConnector.class");
        Await.until("4.0.0 is rolled back: " + log, () -> state("rolledBack", "2.0.0") && failed().equals("4.0.0"));
        assertTrue(status().path("reason").asString("").contains("ended with status"), status().toString());

        // one whose archive is not the one that was signed
        builds.release("5.0.0");
        Files.write(folder.resolve("releases/connector-5.0.0.zip"), new byte[] {0}, StandardOpenOption.APPEND);
        Await.until("5.0.0 is rolled back: " + log, () -> state("rolledBack", "2.0.0") && failed().equals("5.0.0"));

        // one that somebody else signed
        Path foreign = folder.resolve("foreign.key");
        Builds.postern("release", "keygen", "--key", foreign.toString(), "--public-key", folder + "/foreign.pub");
        builds.sign("6.0.0", folder.resolve("releases/connector-2.0.0.zip"), foreign);
        Await.until("6.0.0 is refused: " + log, () -> state("fault", "2.0.0"));
        assertTrue(status().path("reason").asString("").contains("signature"), status().toString());

        // an older one
        builds.release("1.9.0");
        Await.until(
                "1.9.0 is refused: " + log,
                () -> status().path("reason").asString("").contains("older than 2.0.0"));
        assertEquals(second, updater.connectorPid(), "through all this the same process has served");
        assertEquals(List.of("2.0.0"), installed(), "and nothing of the refused ones is left");

        // a minor one waits for an administrator's word, and for nothing else
        quickstart
                .cli("update", "policy", "--defer-until", "2099-01-01T00:00:00Z")
                .expectSuccess();
        builds.release("2.1.0");
        Await.until("2.1.0 waits: " + log, () -> state("waiting", "2.0.0"));
        String machine = status().path("machineName").asString("");
        quickstart.cli("update", "start", machine).expectSuccess();
        Await.until("2.1.0 runs: " + log, () -> state("current", "2.1.0"));

        loading = false;
        for (Thread thread : load) {
            thread.join();
        }
        assertEquals(List.of(), lost, "of " + asked.get());
        assertTrue(asked.get() > 200, "requests were under way: " + asked.get());
    }

    private List<Thread> load(URI wiki) {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (loading) {
                    asked.incrementAndGet();
                    String fault = ask(wiki);
                    if (!fault.isEmpty()) {
                        lost.add(fault);
                    }
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000); // light: this is no load test
                }
            }));
        }
        return threads;
    }

    /// @return what was wrong
    private String ask(URI wiki) {
        try {
            var answer = client.send(
                    HttpRequest.newBuilder(wiki).timeout(Duration.ofSeconds(30)).build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().equals(BODY) ? "" : answer.statusCode() + answer.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /// Asked directly: it is asked often, and a command takes a second to start.
    private JsonNode status() {
        URI updates =
                quickstart.url("api").resolve("/v1.0/onPremisesPublishingProfiles/applicationProxy/connectorUpdates");
        try {
            var answer = client.send(
                    HttpRequest.newBuilder(updates)
                            .header("Authorization", "Bearer " + quickstart.apiToken())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new ObjectMapper().readTree(answer.body()).path("value").path(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean state(String state, String running) {
        JsonNode status = status();
        return status.path("state").asString("").equals(state)
                && status.path("runningVersion").asString("").equals(running);
    }

    private String failed() {
        return status().path("failedVersion").asString("");
    }

    private List<String> installed() throws IOException {
        try (var entries = Files.list(folder.resolve("connector/versions"))) {
            return entries.filter(Files::isDirectory)
                    .map(p -> p.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
