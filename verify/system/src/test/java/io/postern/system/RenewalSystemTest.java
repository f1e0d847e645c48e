package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.NginxServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// REG-5, REG-6, REG-10: certificates of real connectors from first to last. Where it matters they live for seconds, so
/// that what takes a year elsewhere is seen.
class RenewalSystemTest {
    private static final int EXIT_REFUSED = 3;
    private static final int EXIT_EXPIRED = 6;

    private final List<Process> running = new ArrayList<>();
    private final int port = FreePort.find();

    @TempDir
    Path folder;

    /// @param lifetime of connectors' certificates
    private void startService(String lifetime) throws IOException {
        Path config = folder.resolve("postern.yaml");
        Files.writeString(
                config, """
                base-domain: postern.localhost
                listen: 127.0.0.1:%d
                data: %s
                tenant-name: contoso
                tenant-domain: contoso.example
                metrics-listen: 127.0.0.1:0
                api-token-file: %s
                connector-certificate-lifetime: %s
                """.formatted(port, folder.resolve("service"), folder.resolve("api-token"), lifetime));
        List<String> log = start("service", "--config", config.toString()).log();
        Await.until("the service listens: " + log, () -> log.stream().anyMatch(l -> l.contains("/setup?ticket=")));
    }

    @AfterEach
    void stopAll() throws InterruptedException {
        for (Process process : running.reversed()) {
            process.destroy();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "stops when told to");
        }
    }

    private record Started(Process process, List<String> log) {}

    private Started start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(Checkout.launcher()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("POSTERN_NO_BUILD", "1");
        Process process = builder.start();
        running.add(process);
        var lines = new CopyOnWriteArrayList<String>();
        Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(lines::add));
        return new Started(process, lines);
    }

    private URI url(String host) {
        return URI.create("https://" + host + ".postern.localhost:" + port + "/");
    }

    private String cli(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(Checkout.launcher()));
        command.addAll(List.of(arguments));
        return Command.in(Map.of(
                        "POSTERN_URL", url("api").toString(),
                        "POSTERN_TOKEN",
                                Files.readString(folder.resolve("api-token")).strip(),
                        "POSTERN_CA", folder.resolve("service/ca.pem").toString()))
                .run(command.toArray(String[]::new))
                .expectSuccess();
    }

    private Path token() throws IOException {
        JsonNode minted = new ObjectMapper().readTree(cli("connector", "token", "--json"));
        return Files.writeString(
                folder.resolve("token-" + minted.path("id").asString()),
                minted.path("token").asString());
    }

    private Started connector(String... more) throws IOException {
        var arguments = new ArrayList<>(List.of(
                "connector",
                "--service",
                url("connect").toString(),
                "--data",
                folder.resolve("connector").toString(),
                "--grace",
                "1"));
        arguments.addAll(List.of(more));
        return start(arguments.toArray(String[]::new));
    }

    private static void awaitLine(Started started, String text, int times) {
        Await.until(
                text + " in " + started.log(),
                () -> started.log().stream().filter(l -> l.contains(text)).count() >= times);
    }

    private List<String> ids() throws IOException {
        var ids = new ArrayList<String>();
        new ObjectMapper()
                .readTree(cli("connector", "list", "--json"))
                .forEach(c -> ids.add(c.path("id").asString()));
        return ids;
    }

    private String connectorId() throws IOException {
        return ids().getLast();
    }

    @Test
    void renewsByItselfWithoutLosingARequest() throws Exception {
        startService("12s");
        try (var nginx = NginxServer.start("")) {
            Files.writeString(nginx.folder().resolve("index.html"), "from the inside");
            Started connector = connector("--token-file", token().toString());
            awaitLine(connector, "connected to the service", 1);
            cli("app", "publish", "--name", "wiki", "--preauth", "passthrough", "--internal-url", nginxUrl(nginx));
            var browser = new Browser(folder.resolve("service/ca.pem"));
            URI wiki = url("wiki-contoso");
            Await.until("wiki is routed", () -> browser.open(wiki).status() == 200);
            Path certificate = folder.resolve("connector/identity/certificate.pem");
            String first = Files.readString(certificate);

            var wrong = new ArrayList<Integer>();
            while (connector.log().stream()
                            .filter(l -> l.contains("certificate is renewed"))
                            .count()
                    < 3) {
                int status = browser.open(wiki).status();
                if (status != 200) {
                    wrong.add(status);
                }
                assertTrue(connector.process().isAlive(), connector.log().toString());
            }

            assertEquals(List.of(), wrong);
            assertFalse(Files.readString(certificate).equals(first));
            assertFalse(Files.exists(folder.resolve("connector/identity.next")));
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("connector/identity/key.pem"))));
        }
    }

    @Test
    void aHostThatWasOffUntilExpirySaysSoAndRegistersAgainWithANewToken() throws Exception {
        startService("12s");
        Started first = connector("--token-file", token().toString());
        awaitLine(first, "connected to the service", 1);
        String before = connectorId();
        end(first);
        Instant expires = expiry();
        Await.until("the certificate expires at " + expires, () -> Instant.now().isAfter(expires));

        Started late = connector();
        assertTrue(late.process().waitFor(20, TimeUnit.SECONDS));
        assertEquals(EXIT_EXPIRED, late.process().exitValue(), late.log().toString());
        awaitLine(late, "expired at " + expires, 1);
        awaitLine(late, "event=\"1000\"", 1);
        awaitLine(late, "--token-file", 1);

        Started again = connector("--token-file", token().toString());
        awaitLine(again, "connected to the service", 1);
        assertEquals(2, ids().size());
        assertTrue(ids().contains(before), "the old one stays until it is removed as inactive");
    }

    @Test
    void aDeletedConnectorIsCutOffAndRegistersAgainWithANewTokenOnly() throws Exception {
        startService("365d");
        Path token = token();
        Started first = connector("--token-file", token.toString());
        awaitLine(first, "connected to the service", 1);
        cli("connector", "delete", connectorId());
        awaitLine(first, "does not know this connector any more", 1);
        end(first);

        Started stolen = connector("--token-file", token.toString());
        assertTrue(stolen.process().waitFor(20, TimeUnit.SECONDS));
        assertEquals(EXIT_REFUSED, stolen.process().exitValue(), stolen.log().toString());
        assertTrue(cli("connector", "tokens").contains("used"));

        awaitLine(connector("--token-file", token().toString()), "connected to the service", 1);
    }

    @Test
    void aDisabledConnectorComesBackWhenItIsEnabled() throws Exception {
        startService("365d");
        Started connector = connector("--token-file", token().toString());
        awaitLine(connector, "connected to the service", 1);

        cli("connector", "disable", connectorId());
        awaitLine(connector, "has disabled this connector", 1);
        assertTrue(cli("connector", "list").contains("disabled"));
        cli("connector", "enable", connectorId());

        awaitLine(connector, "connected to the service", 2);
    }

    private static void end(Started started) throws InterruptedException {
        started.process().destroy();
        assertTrue(started.process().waitFor(20, TimeUnit.SECONDS));
    }

    private Instant expiry() throws Exception {
        try (var pem = Files.newInputStream(folder.resolve("connector/identity/certificate.pem"))) {
            var certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
            return certificate.getNotAfter().toInstant();
        }
    }

    private static String nginxUrl(NginxServer nginx) {
        return "http://localhost:" + nginx.port() + "/";
    }
}
