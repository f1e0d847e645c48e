package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.ForwardProxy;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an update means for requests that take longer than it, for a group of several connectors, and behind a proxy:
/// each time with two really different builds and real processes, from 1.0.0 to 2.0.0. An update takes seconds, so
/// these
/// tests do.
class UpdateUnderWaySystemTest {
    private static final String DONE = "update done: from=1.0.0 to=2.0.0";
    private static final String PASSWORD = "Wrong-Way-42-Out";
    private static final int SERVICE_RESTART = 1012; // RFC 6455 §7.4.1, registered by IANA
    private static final int HALF = 2 * 1024 * 1024;

    @TempDir
    static Path home;

    private static Quickstart quickstart;
    private static Builds builds;
    private static Path first;
    private static LiveBackend backend;

    @TempDir
    Path folder;

    private final List<UpdaterProcess> updaters = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final List<Thread> load = new ArrayList<>();
    private volatile boolean loading = true;
    private HttpClient client;

    @BeforeAll
    static void build() throws IOException {
        backend = new LiveBackend();
        quickstart = Quickstart.start(home.resolve("service"), "--no-connector");
        publish("live", backend.port());
        publish("socket", backend.webSocketPort());
        builds = new Builds(home.resolve("releases"));
        first = builds.installation("1.0.0");
        builds.release("2.0.0");
    }

    @AfterAll
    static void stop() throws IOException {
        quickstart.close();
        backend.close();
    }

    @BeforeEach
    void open() {
        client = Browser.client(quickstart.authority());
    }

    @AfterEach
    void stopConnectors() {
        loading = false;
        updaters.forEach(UpdaterProcess::close);
        client.shutdownNow();
    }

    @Test
    void whatIsUnderWayEndsAsItShouldAndAVersionOnTrialServesNobody() throws Exception {
        UpdaterProcess updater = start("one", "--manifest", manifest().toString());
        long old = updater.connectorPid();
        var upload = new PipedOutputStream();
        var content = new PipedInputStream(upload, 64 * 1024);
        var uploaded = client.sendAsync(
                request("live", "/upload")
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> content), 2L * HALF))
                        .build(),
                BodyHandlers.ofString());
        upload.write(new byte[HALF]);
        Await.until("half of the upload is there", () -> backend.uploaded() > HALF / 2);
        HttpResponse<InputStream> events =
                client.send(request("live", "/events").build(), BodyHandlers.ofInputStream());
        assertEquals('d', events.body().read());
        CompletableFuture<String> eventsEnd = endOf(events.body());
        var socketEnd = new CompletableFuture<Integer>();
        client.newWebSocketBuilder()
                .buildAsync(URI.create(url("socket", "/").replaceFirst("https", "wss")), new Listener(socketEnd))
                .get(10, TimeUnit.SECONDS);
        loadOf(3);

        announce();

        Await.until("2.0.0 takes over: " + updater.log(), () -> updater.hasLogged("draining version 1.0.0"));
        assertFalse(uploaded.isDone(), "the upload is still under way");
        assertFalse(eventsEnd.isDone(), "and so are the events");
        assertFalse(socketEnd.isDone(), "and the socket");
        upload.write(new byte[HALF]);
        upload.close();
        HttpResponse<String> answer = uploaded.get(20, TimeUnit.SECONDS);
        assertEquals("200 " + 2 * HALF, answer.statusCode() + " " + answer.body(), "nothing of the upload is missing");
        assertEquals("clean", eventsEnd.get(20, TimeUnit.SECONDS));
        assertEquals(SERVICE_RESTART, socketEnd.get(20, TimeUnit.SECONDS));
        Await.until("the update is done: " + updater.log(), () -> updater.hasLogged(DONE));

        long fresh = updater.connectorPid();
        Await.until("users are served by 2.0.0", () -> servedBy(fresh) > 10);
        endLoad();
        assertFalse(old == fresh, "another process runs");
        Instant proved = updater.logged("proved; serving from now on");
        List<LiveBackend.Brought> early = backend.brought().stream()
                .filter(b -> b.pid() == fresh && b.at().isBefore(proved))
                .toList();
        assertEquals(List.of(), early, "nobody's request went to the version on trial");
        Instant trial = updater.logged("update begins");
        assertTrue(
                backend.brought().stream()
                        .anyMatch(b -> b.pid() == old && b.at().isAfter(trial) && b.at().isBefore(proved)),
                "while users did ask");
    }

    @Test
    void connectorsOfAGroupTakeTurns() throws Exception {
        for (String name : List.of("one", "two")) {
            start(name, "--manifest", manifest().toString());
        }
        List<Long> old = updaters.stream().map(UpdaterProcess::connectorPid).toList();
        loadOf(3);

        announce();

        for (UpdaterProcess updater : updaters) {
            Await.until("it is updated: " + updater.log(), () -> updater.hasLogged(DONE));
        }
        List<Long> fresh = updaters.stream().map(UpdaterProcess::connectorPid).toList();
        Await.until("both serve again", () -> fresh.stream().allMatch(pid -> servedBy(pid) > 5));
        endLoad();
        UpdaterProcess one = updaters.getFirst();
        UpdaterProcess two = updaters.getLast();
        assertTrue(
                one.logged(DONE).isBefore(two.logged("update begins"))
                        || two.logged(DONE).isBefore(one.logged("update begins")),
                () -> "never both at once: " + one.log() + two.log());
        assertTrue(old.stream().noneMatch(pid -> ProcessHandle.of(pid).isPresent()), "the old ones have ended");
    }

    /// PRX-2: what the updater says and fetches goes the connector's way.
    @Test
    void updatesThroughAProxyThatWantsAPassword() throws Exception {
        TestCertificates authority = TestCertificates.authority("updates");
        Path announced = manifest().getParent();
        try (var site = HttpsSite.ofFiles(authority.server("connect.postern.localhost"), announced);
                var proxy = ForwardProxy.apache("svc", PASSWORD, quickstart.port(), site.port())) {
            Path credentials = folder.resolve("credentials");
            Files.writeString(credentials, "svc:" + PASSWORD + "\n");
            Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
            UpdaterProcess updater = start(
                    Map.of("POSTERN_JAVA_OPTS", "-Djavax.net.ssl.trustStore=" + trustStore(authority)),
                    "one",
                    "--manifest",
                    "https://connect.postern.localhost:" + site.port() + "/manifest",
                    "--proxy",
                    proxy.url(),
                    "--proxy-credentials",
                    credentials.toString());

            announce();

            Await.until("it is updated: " + updater.log(), () -> updater.hasLogged(DONE));
            Await.until(
                    "manifest and archive came through the proxy",
                    () -> connections(proxy, site.port()) >= 2); // httpd writes of a connection when it is over
            Await.until(
                    "registration, questions, proofs and the end of the update too",
                    () -> connections(proxy, quickstart.port()) >= 5);
            assertFalse(String.join("\n", updater.log()).contains(PASSWORD), "never in the log");
        }
    }

    private static long connections(ForwardProxy proxy, int port) {
        return proxy.log()
                .lines()
                .filter(l -> l.startsWith("svc CONNECT connect.postern.localhost:" + port + " "))
                .count();
    }

    private Path trustStore(TestCertificates authority) throws Exception {
        Path file = folder.resolve("trust.jks");
        KeyStore store = KeyStore.getInstance("JKS"); // its certificates can be read without a password
        store.load(null, null);
        store.setCertificateEntry("updates", authority.authority());
        try (var out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        return file;
    }

    private static void publish(String name, int port) {
        quickstart
                .cli(
                        "app",
                        "publish",
                        "--name",
                        name,
                        "--preauth",
                        "passthrough",
                        "--internal-url",
                        "http://127.0.0.1:" + port + "/")
                .expectSuccess();
    }

    /// There is nothing before [#announce].
    private Path manifest() throws IOException {
        return Files.createDirectories(folder.resolve("announced")).resolve("manifest");
    }

    private void announce() throws IOException {
        Path archive = home.resolve("releases/connector-2.0.0.zip");
        Files.copy(archive, manifest().resolveSibling(archive.getFileName()));
        Path draft = manifest().resolveSibling("manifest.new");
        Files.copy(builds.manifest(), draft);
        Files.move(draft, manifest(), StandardCopyOption.ATOMIC_MOVE);
    }

    private UpdaterProcess start(String name, String... options) throws IOException {
        return start(Map.of(), name, options);
    }

    /// 1.0.0, and waits until it serves.
    private UpdaterProcess start(Map<String, String> environment, String name, String... options) throws IOException {
        var all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--public-key", builds.publicKey().toString(), "--grace", "3"));
        UpdaterProcess updater =
                UpdaterProcess.start(environment, first, quickstart, folder.resolve(name), all.toArray(String[]::new));
        updaters.add(updater);
        Await.until("it is connected: " + updater.log(), () -> updater.hasLogged("connected to the service"));
        Await.until("it serves: " + updater.log(), () -> ask().isEmpty());
        return updater;
    }

    private static String url(String application, String path) {
        return "https://" + application + "-contoso.postern.localhost:" + quickstart.port() + path;
    }

    /// HTTP/1.1: a connection each, so that what one needs does not wait for another.
    private static HttpRequest.Builder request(String application, String path) {
        return HttpRequest.newBuilder(URI.create(url(application, path))).version(HttpClient.Version.HTTP_1_1);
    }

    private void loadOf(int threads) {
        for (int i = 0; i < threads; i++) {
            load.add(Thread.ofVirtual().start(() -> {
                while (loading) {
                    asked.incrementAndGet();
                    String fault = ask();
                    if (!fault.isEmpty()) {
                        lost.add(fault);
                    }
                    LockSupport.parkNanos(30_000_000); // light: this is no load test
                }
            }));
        }
    }

    private void endLoad() throws InterruptedException {
        loading = false;
        for (Thread thread : load) {
            thread.join();
        }
        assertEquals(List.of(), lost, "of " + asked.get());
        assertTrue(asked.get() > 50, "requests were under way: " + asked.get());
    }

    private long servedBy(long pid) {
        return backend.brought().stream().filter(b -> b.pid() == pid).count();
    }

    /// @return what was wrong
    private String ask() {
        try {
            var answer = client.send(
                    request("live", "/").timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().equals(LiveBackend.TEXT)
                    ? ""
                    : answer.statusCode() + answer.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /// @return `clean`, or how the stream broke
    private static CompletableFuture<String> endOf(InputStream stream) {
        var end = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                stream.transferTo(OutputStream.nullOutputStream());
                end.complete("clean");
            } catch (IOException e) {
                end.complete(e.toString());
            }
        });
        return end;
    }

    private record Listener(CompletableFuture<Integer> closed) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
