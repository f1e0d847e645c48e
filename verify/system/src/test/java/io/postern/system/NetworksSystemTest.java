package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.ForwardProxy;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipFile;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Connectors behind real proxies, the pre-flight, the support bundle and the ports of a connector's machine
/// (CON-4, NET-2, PRX-0, PRX-1), with processes as in production.
class NetworksSystemTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PASSWORD = "Wrong-Way-42-Out";

    @TempDir
    static Path home;

    private static Quickstart quickstart;

    private final List<Process> running = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        quickstart = Quickstart.start(home.resolve("data"));
    }

    @AfterAll
    static void stop() {
        quickstart.close();
    }

    @AfterEach
    void stopConnectors() throws InterruptedException {
        for (Process process : running) {
            process.destroy();
            assertTrue(process.waitFor(20, java.util.concurrent.TimeUnit.SECONDS), "stops when told to");
        }
    }

    @Test
    void connectsThroughAProxyThatWantsAPassword() throws Exception {
        try (var proxy = ForwardProxy.apache("svc", PASSWORD, quickstart.port())) {
            Path credentials = secret("credentials", "svc:" + PASSWORD);
            List<String> log =
                    connect("--proxy", proxy.url(), "--proxy-credentials", credentials.toString(), "--verbose");
            stopConnectors(); // httpd writes of a connection when it is over
            Await.until(
                    "enrolment and two tunnels went through",
                    () -> proxy.log()
                                    .lines()
                                    .filter(l -> l.startsWith("svc CONNECT connect.postern.localhost:"))
                                    .count()
                            >= 3);
            assertFalse(String.join("\n", log).contains(PASSWORD), "never in the log");
        }
    }

    @Test
    void connectsThroughAnotherProxyNamedInItsFile() throws Exception {
        try (var proxy = ForwardProxy.tinyproxy(quickstart.port())) {
            Path config = folder.resolve("connector.yaml");
            Files.writeString(config, "proxy:\n  url: " + proxy.url() + "\n");
            connect("--config", config.toString());
            assertTrue(proxy.log().contains("connect.postern.localhost"), proxy.log());
        }
    }

    @Test
    void preFlightNamesWhatTheProxyRefuses() throws Exception {
        try (var proxy = ForwardProxy.apache("svc", PASSWORD, quickstart.port())) {
            assertStep(check(1, "--proxy", proxy.url()), "proxy", "failed", "wants a user and a password (407)");
            Path wrong = secret("wrong", "svc:no");
            assertStep(
                    check(1, "--proxy", proxy.url(), "--proxy-credentials", wrong.toString()),
                    "proxy",
                    "failed",
                    "does not take the user 'svc'");
            Path right = secret("right", "svc:" + PASSWORD);
            assertStep(
                    check(0, "--proxy", proxy.url(), "--proxy-credentials", right.toString()),
                    "proxy",
                    "ok",
                    "signed in with Basic");
        }
        try (var closed = ForwardProxy.tinyproxy(1)) {
            assertStep(check(1, "--proxy", closed.url()), "proxy", "failed", "blocks CONNECT");
        }
    }

    @Test
    void preFlightOfARunningConnectorSeesEveryStep() {
        JsonNode seen =
                check(0, "--data", quickstart.data().resolve("connector").toString());
        assertStep(seen, "name", "ok", "127.0.0.1");
        assertStep(seen, "connection", "ok", "127.0.0.1:" + quickstart.port());
        assertStep(seen, "TLS", "ok", "the one that registered this connector");
        assertStep(seen, "clock", "ok", "agree");
        assertStep(seen, "registration", "ok", "certificate valid until");
        assertStep(seen, "tunnel", "ok", "the service knows this connector");
        assertStep(seen, "backend", "ok", "answers 302");
        assertStep(seen, "listening", "ok", "nothing that another machine could reach");
        var connectors = quickstart.cli("connector", "list", "--json").expectSuccess();
        assertFalse(connectors.contains("pre-flight"), connectors);
    }

    @Test
    void preFlightNamesTheIssuerWhereTlsIsOpened() throws Exception {
        try (var inspector = new Inspector(TestCertificates.authority("Corp Inspection Root"))) {
            JsonNode seen = check(
                    1,
                    "https://connect.postern.localhost:" + inspector.port(),
                    List.of("--data", quickstart.data().resolve("connector").toString()));
            assertStep(seen, "TLS", "failed", "issued by 'CN=Corp Inspection Root'");
            assertStep(seen, "tunnel", "skipped", "not reached");
        }
    }

    @Test
    void listensNowhereButOnLoopback() {
        long pid = quickstart.connector().pid();
        List<String> listening = Command.of("ss", "-Hltnp")
                .expectSuccess()
                .lines()
                .filter(l -> l.contains("pid=" + pid + ","))
                .toList();
        assertEquals(1, listening.size(), "its metrics and nothing else: " + listening);
        String address = listening.getFirst().strip().split("\\s+")[3];
        assertTrue(address.matches("(127\\.0\\.0\\.1|\\[::ffff:127\\.0\\.0\\.1]):\\d+"), address);
        assertTrue(Command.of("ss", "-Hlunp").expectSuccess().lines().noneMatch(l -> l.contains("pid=" + pid + ",")));
    }

    @Test
    void bundleHoldsNoSecretOfTheSetUp() throws Exception {
        Path data = quickstart.data().resolve("connector");
        String token = token();
        Path credentials = secret("credentials", "svc:" + PASSWORD);
        Path config = folder.resolve("connector.yaml");
        Files.writeString(config, """
                proxy:
                  url: http://127.0.0.1:%d
                  credentials-file: %s
                """.formatted(FreePort.find(), credentials));
        Path log = folder.resolve("connector.log");
        Files.writeString(log, """
                2026 INFO  connector started
                2026 DEBUG somebody pasted %s here
                2026 DEBUG Proxy-Authorization: Basic %s
                2026 DEBUG password=%s via http://u:Other-Secret-9@p:1/
                """.formatted(
                        token,
                        Base64.getEncoder().encodeToString(("svc:" + PASSWORD).getBytes(StandardCharsets.UTF_8)),
                        PASSWORD));
        Path bundle = folder.resolve("bundle.zip");
        String environment = "http://envuser:Env-Secret-77@127.0.0.1:9";
        Command.Result written = Command.in(Map.of("HTTPS_PROXY", environment))
                .run(
                        Checkout.launcher(),
                        "connector",
                        "diagnose",
                        "--data",
                        data.toString(),
                        "--config",
                        config.toString(),
                        "--log",
                        log.toString(),
                        "--out",
                        bundle.toString());
        assertTrue(written.expectSuccess().contains("which only you may read"), written.output());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(bundle)));
        var secrets = new ArrayList<>(List.of(
                PASSWORD,
                Base64.getEncoder().encodeToString(("svc:" + PASSWORD).getBytes(StandardCharsets.UTF_8)),
                "Other-Secret-9",
                "Env-Secret-77",
                token.split("\\.")[1]));
        Files.readAllLines(data.resolve("identity/key.pem")).stream()
                .filter(l -> !l.startsWith("-----"))
                .forEach(secrets::add);
        var names = new ArrayList<String>();
        try (var zip = new ZipFile(bundle.toFile())) {
            for (var entry : zip.stream().toList()) {
                names.add(entry.getName());
                String text = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                assertFalse(text.isBlank(), entry.getName());
                secrets.forEach(secret -> assertFalse(text.contains(secret), entry.getName() + " holds " + secret));
            }
        }
        assertTrue(
                names.containsAll(List.of(
                        "about.json",
                        "configuration.yaml",
                        "certificate.json",
                        "check.json",
                        "log.txt",
                        "metrics.txt",
                        "process.txt",
                        "network.txt")),
                names.toString());
    }

    private String token() {
        return JSON.readTree(quickstart.cli("connector", "token", "--json").expectSuccess())
                .path("token")
                .asString();
    }

    private Path secret(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, content + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /// A connector of its own, enrolled and connected.
    private List<String> connect(String... options) throws IOException {
        var command = new ArrayList<>(List.of(
                Checkout.launcher(),
                "connector",
                "--service",
                quickstart.url("connect").toString(),
                "--token-file",
                secret("token", token()).toString(),
                "--data",
                folder.resolve("connector").toString()));
        command.addAll(List.of(options));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("POSTERN_NO_BUILD", "1");
        Process process = builder.start();
        running.add(process);
        List<String> lines = Output.of(process);
        Await.until("connected: " + lines, () -> lines.stream().anyMatch(l -> l.contains("connected to the service")));
        return lines;
    }

    private JsonNode check(int exit, String... options) {
        return check(exit, quickstart.url("connect").toString(), List.of(options));
    }

    private JsonNode check(int exit, String service, List<String> options) {
        var command =
                new ArrayList<>(List.of(Checkout.launcher(), "connector", "check", "--json", "--service", service));
        command.addAll(options);
        Command.Result result = Command.of(command.toArray(String[]::new));
        assertEquals(exit, result.exit(), result.output() + result.errors());
        return JSON.readTree(result.output());
    }

    private static void assertStep(JsonNode seen, String step, String verdict, String what) {
        for (JsonNode finding : seen.path("findings")) {
            if (finding.path("step").asString().equals(step)
                    && finding.path("verdict").asString().equals(verdict)
                    && finding.path("what").asString().contains(what)) {
                boolean isBad = verdict.equals("failed") || verdict.equals("warning");
                assertEquals(isBad, finding.has("remedy"), "a remedy where one is needed: " + finding);
                return;
            }
        }
        throw new AssertionError("no " + step + " " + verdict + " with '" + what + "' in " + seen);
    }

    /// What a box that opens TLS shows: a certificate for the right name, by an authority of its own.
    private static final class Inspector implements AutoCloseable {
        private final SSLServerSocket server;
        private final AtomicInteger handshakes = new AtomicInteger();

        Inspector(TestCertificates authority) throws Exception {
            TestCertificates.Issued shown = authority.server("connect.postern.localhost");
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("server", shown.key(), new char[0], shown.chain().toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(keys, new char[0]);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(factory.getKeyManagers(), null, null);
            server = (SSLServerSocket)
                    tls.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::serve);
        }

        int port() {
            return server.getLocalPort();
        }

        private void serve() {
            while (!server.isClosed()) {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    socket.startHandshake();
                } catch (IOException e) {
                    handshakes.incrementAndGet(); // the client did not believe it, as it should
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
