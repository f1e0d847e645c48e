package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Health with real processes and real backends, each broken in another way, as the commands tell it. Nothing is
/// asked to be probed except where the test says so: the service finds out by itself.
class HealthSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<AutoCloseable> backends = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable backend : backends) {
            backend.close();
        }
    }

    @Test
    void eachBrokenBackendHasItsOwnVerdictAndNoneIsGreenWhileDead() throws Exception {
        var urls = new LinkedHashMap<String, String>();
        var expected = new TreeMap<String, String>();
        backend(urls, expected, "good", "ok", "http://localhost:" + answering(200));
        backend(urls, expected, "guarded", "ok", "http://localhost:" + answering(401));
        backend(urls, expected, "faulty", "bad-status", "http://localhost:" + answering(500));
        backend(urls, expected, "half-open", "first-byte-timeout", "http://localhost:" + silent());
        backend(urls, expected, "half-tls", "connect-timeout", "https://localhost:" + silent());
        backend(urls, expected, "wrong-certificate", "tls-untrusted", "https://localhost:" + untrusted());
        backend(urls, expected, "refused", "connect", "http://localhost:" + FreePort.find());
        backend(urls, expected, "nameless", "resolve", "http://no-such-host.invalid");
        backend(urls, expected, "no-http", "protocol", "http://localhost:" + greeting());
        var publications = new ArrayList<String>(List.of("--no-demo"));
        urls.forEach((name, url) -> {
            publications.add("--publish");
            publications.add(name + "=" + url + "/");
        });

        try (var quickstart = Quickstart.start(folder.resolve("data"), publications.toArray(String[]::new))) {
            Await.until("verdicts " + expected + ", last " + verdicts(quickstart), () -> {
                return verdicts(quickstart).equals(expected);
            });
            tellsWhatToDo(quickstart);
            showsInMetrics(quickstart);
            testsAsAUserWould(quickstart);
            showsTheConnector(quickstart);
            isNotGreenWhileTheConnectorIsDead(quickstart);
        }
    }

    private static void tellsWhatToDo(Quickstart quickstart) {
        String table = quickstart.cli("app", "health").expectSuccess();

        assertTrue(table.contains("restart it, look into its log"), table);
        assertTrue(table.contains("only one active connector"), table);
        assertTrue(table.contains("PKIX") || table.contains("certificate"), table);
    }

    private static void showsInMetrics(Quickstart quickstart) throws Exception {
        String metrics;
        try (HttpClient client = HttpClient.newHttpClient()) {
            metrics = client.send(
                            HttpRequest.newBuilder(quickstart.url("metrics")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }

        assertEquals("1.0", value(metrics, "application_path_up{application=\"good\""));
        assertEquals("0.0", value(metrics, "application_path_up{application=\"half-open\""));
        assertTrue(metrics.contains("verdict=\"first-byte-timeout\"} 1.0"), metrics);
        assertTrue(Double.parseDouble(value(metrics, "fleet_connector_open_files{")) > 10);
    }

    private static String value(String metrics, String start) {
        String line = metrics.lines()
                .filter(l -> l.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + start + "\n" + metrics));
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    private void testsAsAUserWould(Quickstart quickstart) throws IOException {
        Path report = folder.resolve("report.txt");

        Command.Result good = quickstart.cli("app", "test", "good", "--report", report.toString());
        Command.Result refused = quickstart.cli("app", "test", "refused", "--json");

        assertEquals(0, good.exit(), good.output() + good.errors());
        for (String finding : List.of("dns", "certificate", "sent to sign in", "ok, status 200", "0 faults")) {
            assertTrue(good.output().contains(finding), good.output());
        }
        assertTrue(Files.readString(report).contains("0 faults"));
        assertEquals(1, refused.exit());
        JsonNode findings = JSON.readTree(refused.output()).path("findings");
        JsonNode fault = findings.valueStream()
                .filter(f -> f.path("level").asString().equals("fault"))
                .findFirst()
                .orElseThrow();
        assertTrue(fault.path("text").asString().contains("Connection refused"), fault.toString());
        assertTrue(fault.path("remedy").asString().contains("start the application"), fault.toString());
    }

    private static void showsTheConnector(Quickstart quickstart) {
        JsonNode connector = JSON.readTree(
                        quickstart.cli("connector", "status", "--json").expectSuccess())
                .path(0);
        String name = connector.path("machineName").asString();

        assertEquals("active", connector.path("status").asString());
        assertEquals("Default", connector.at("/connectorGroup/name").asString());
        assertTrue(connector.path("tunnelCount").asInt() >= 2, connector.toString());
        assertTrue(connector.at("/report/processMemoryBytes").asLong() > 10_000_000, connector.toString());
        String page = quickstart.cli("connector", "status", name).expectSuccess();
        assertTrue(page.contains("half-open") && page.contains("first-byte-timeout"), page);
    }

    /// Stopped by a signal, its sockets stay open: what a control connection alone would call healthy.
    private static void isNotGreenWhileTheConnectorIsDead(Quickstart quickstart) {
        String pid = Long.toString(quickstart.connector().pid());
        Command.of("kill", "-STOP", pid).expectSuccess();
        try {
            Await.until(
                    "no tunnel", () -> verdicts(quickstart).values().stream().allMatch("no-tunnel"::equals));
            JsonNode connector = JSON.readTree(
                            quickstart.cli("connector", "status", "--json").expectSuccess())
                    .path(0);
            assertEquals("inactive", connector.path("status").asString());
        } finally {
            Command.of("kill", "-CONT", pid).expectSuccess();
        }
        Await.until("well again", () -> "ok".equals(verdicts(quickstart).get("good")));
    }

    private static Map<String, String> verdicts(Quickstart quickstart) {
        var verdicts = new TreeMap<String, String>();
        JSON.readTree(quickstart.cli("app", "health", "--json").expectSuccess())
                .forEach(application -> verdicts.put(
                        application.path("applicationDisplayName").asString(),
                        application.at("/paths/0/verdict").asString("")));
        return verdicts;
    }

    private static void backend(
            Map<String, String> urls, Map<String, String> expected, String name, String verdict, String url) {
        urls.put(name, url);
        expected.put(name, verdict);
    }

    private int answering(int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        return serve(server, status);
    }

    private int untrusted() throws Exception {
        var issued = TestCertificates.authority("nobody's").server("localhost");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("server", issued.key(), new char[0], issued.chain().toArray(Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return serve(server, 200);
    }

    private int serve(HttpServer server, int status) {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        backends.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    /// The kernel takes connections for it; nobody ever answers.
    private int silent() throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        backends.add(server);
        return server.getLocalPort();
    }

    private int greeting() throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        backends.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                greet(server);
            }
        });
        return server.getLocalPort();
    }

    private static void greet(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write("SSH-2.0-OpenSSH_9\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // the connector left, or the test is over
        }
    }
}
