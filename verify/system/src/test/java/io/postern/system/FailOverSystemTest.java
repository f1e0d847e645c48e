package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.postern.fixtures.Browser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Two connectors as processes of their own, one of which dies or freezes while requests are under way.
class FailOverSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REQUESTS = 30;

    private final CountDownLatch answered = new CountDownLatch(1);
    private final AtomicInteger arrived = new AtomicInteger();
    private final List<Connector> connectors = new ArrayList<>();
    private HttpServer backend;
    private Quickstart quickstart;
    private HttpClient client;

    @TempDir
    Path folder;

    private record Connector(Process process, List<String> log) {
        boolean isConnected() {
            return log.stream().anyMatch(l -> l.contains("connected to the service"));
        }

        void signal(String name) {
            Command.of("kill", "-" + name, Long.toString(process.pid()));
        }
    }

    @BeforeEach
    void start() throws IOException {
        backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        backend.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        backend.createContext("/held", exchange -> {
            arrived.incrementAndGet();
            try {
                answered.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            answer(exchange);
        });
        backend.createContext("/", FailOverSystemTest::answer);
        backend.start();
        quickstart = Quickstart.start(folder.resolve("service"), "--no-connector");
        quickstart
                .cli(
                        "app",
                        "publish",
                        "--name",
                        "held",
                        "--internal-url",
                        "http://127.0.0.1:" + backend.getAddress().getPort() + "/",
                        "--preauth",
                        "passthrough")
                .expectSuccess();
        connectors.add(connector("one"));
        connectors.add(connector("two"));
        client = Browser.client(quickstart.authority());
        Await.until("both are connected", () -> connectors.stream().allMatch(Connector::isConnected));
        Await.until("the application answers", () -> get("/").get().statusCode() == 200);
    }

    @AfterEach
    void stop() throws InterruptedException {
        answered.countDown();
        client.shutdownNow();
        for (Connector connector : connectors) {
            connector.process.destroyForcibly();
            connector.process.waitFor();
        }
        quickstart.close();
        backend.stop(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = "done".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Connector connector(String name) throws IOException {
        String token = JSON.readTree(
                        quickstart.cli("connector", "token", "--json").expectSuccess())
                .path("token")
                .asString();
        var builder = new ProcessBuilder(
                        Checkout.launcher(),
                        "connector",
                        "--service",
                        "https://connect.postern.localhost:" + quickstart.port(),
                        "--token-file",
                        "-",
                        "--data",
                        folder.resolve(name).toString())
                .redirectErrorStream(true);
        builder.environment().put("POSTERN_NO_BUILD", "1");
        Process process = builder.start();
        List<String> log = Output.of(process);
        process.outputWriter().append(token + "\n").flush();
        return new Connector(process, log);
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(
                        URI.create(quickstart.application("sense").toString().replaceFirst("//sense", "//held"))
                                .resolve(path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Accept", "application/json");
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        return client.sendAsync(to(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> post(String path) {
        return client.sendAsync(
                to(path).POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
    }

    private List<CompletableFuture<HttpResponse<String>>> gets(int count, String path) {
        var all = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < count; i++) {
            all.add(get(path + "?" + i));
        }
        return all;
    }

    @Test
    void aConnectorThatIsKilledTakesOnlyWhatMayNotBeSentTwice() throws Exception {
        var gets = gets(REQUESTS, "/held");
        var posts = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < REQUESTS; i++) {
            posts.add(post("/held?" + i));
        }
        Await.until("all are at the backend", () -> arrived.get() == 2 * REQUESTS);

        connectors.getFirst().process.destroyForcibly().waitFor();

        Await.until(
                "some were told, some are at the backend again",
                () -> posts.stream().anyMatch(CompletableFuture::isDone) && arrived.get() > 2 * REQUESTS);
        for (var after : gets(REQUESTS, "/")) {
            assertEquals(200, after.get(10, TimeUnit.SECONDS).statusCode());
        }
        answered.countDown();
        for (var get : gets) {
            assertEquals("done", get.get(20, TimeUnit.SECONDS).body());
        }
        int lost = 0;
        for (var post : posts) {
            HttpResponse<String> response = post.get(20, TimeUnit.SECONDS);
            if (response.statusCode() != 200) {
                lost++;
                JsonNode error = JSON.readTree(response.body()).path("error");
                assertEquals(502, response.statusCode());
                assertEquals("connector_lost", error.path("code").asString());
                assertTrue(error.path("exchange").asString().matches("[0-9a-f]{32}"), response.body());
            }
        }
        assertTrue(lost > 0 && lost < REQUESTS, lost + " of " + REQUESTS + " were on the one that died");
    }

    /// Stopped by a signal, the process does nothing, while its kernel acknowledges every byte.
    @Test
    void aConnectorThatFreezesIsNoticedAndItsRequestsAreServedElsewhere() throws Exception {
        Connector frozen = connectors.getFirst();
        frozen.signal("STOP");

        var all = new ArrayList<>(gets(REQUESTS, "/"));
        for (var get : all) {
            assertEquals("done", get.get(20, TimeUnit.SECONDS).body());
        }
        for (var get : gets(REQUESTS, "/")) {
            assertEquals("done", get.get(20, TimeUnit.SECONDS).body());
        }
        assertTrue(
                quickstart.standardError().stream().anyMatch(l -> l.contains("dead")),
                () -> "the log says why: " + quickstart.standardError());

        frozen.log.clear();
        frozen.signal("CONT");
        Await.until("it comes back by itself", frozen::isConnected);
    }
}
