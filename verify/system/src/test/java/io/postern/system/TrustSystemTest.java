package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.ConnectorSocket;
import io.postern.fixtures.NginxServer;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.ObjectMapper;

/// Who may be a connector, and how that ends, with real services and real certificates.
class TrustSystemTest {
    private static final String TUNNEL = "postern-tunnel/1";
    private static final String ENROLL = "postern-enroll/1";

    @TempDir
    Path folder;

    private final List<Installation> installations = new ArrayList<>();

    private Installation start(String name) throws IOException {
        var installation = Installation.start(folder.resolve(name), "365d");
        installations.add(installation);
        return installation;
    }

    private static Installation.Started connect(Installation to, String... more) throws IOException {
        var options = new ArrayList<>(List.of("--token-file", to.token().toString()));
        options.addAll(List.of(more));
        Installation.Started connector = to.connector(options.toArray(String[]::new));
        connector.awaitLine("connected to the service", 1);
        return connector;
    }

    @AfterEach
    void stopAll() {
        for (Installation one : installations) {
            one.close();
        }
    }

    /// The first line of the answer to a request that claims to come from a connector.
    private static String say(
            Installation to,
            X509Certificate authority,
            String protocol,
            Optional<TestCertificates.Issued> as,
            String request)
            throws IOException, GeneralSecurityException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), to.port());
        try (var connector = ConnectorSocket.open(address, "connect.postern.localhost", protocol, as, authority)) {
            connector.send(request);
            return connector.line();
        }
    }

    private static String get(String path, String... fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: connect.postern.localhost\r\n" + String.join("", fields) + "\r\n";
    }

    /// `activity: reason` of what the audit log says was refused.
    private static List<String> refusals(Installation of) throws IOException {
        var refusals = new ArrayList<String>();
        new ObjectMapper()
                .readTree(of.api("GET", "/v1.0/auditLogs/directoryAudits"))
                .path("value")
                .forEach(entry -> {
                    if (entry.path("result").asString("").equals("failure")) {
                        entry.path("additionalDetails").forEach(detail -> {
                            if (detail.path("key").asString("").equals("reason")) {
                                refusals.add(entry.path("activityDisplayName").asString("") + ": "
                                        + detail.path("value").asString(""));
                            }
                        });
                    }
                });
        return refusals;
    }

    @Test
    void aCertificateOfAnotherServiceAndAForgedFieldAreRefusedAndAudited() throws Exception {
        Installation ours = start("ours");
        Installation theirs = start("theirs");
        connect(ours).stop();
        connect(theirs).stop();
        X509Certificate authority = ours.connectorAuthority();
        TestCertificates.Issued foreign = theirs.identity();
        assertNotEquals(authority, theirs.connectorAuthority());
        assertEquals(List.of(), refusals(ours));

        assertThrows(IOException.class, () -> say(ours, authority, TUNNEL, Optional.of(foreign), ""));
        assertThrows(IOException.class, () -> say(ours, authority, ENROLL, Optional.of(foreign), get("/registration")));
        Await.until("the audit log tells", () -> refusals(ours).contains("Connect connector: untrusted-certificate"));
        String forged = "Postern-Client-Certificate: " + ours.identity().fingerprint() + "\r\n";
        assertEquals(
                "HTTP/1.1 401 Unauthorized",
                say(ours, authority, ENROLL, Optional.empty(), get("/registration", forged)));
        Await.until(
                "and of the forged field",
                () -> refusals(ours).contains("Renew connector certificate: no-certificate"));

        assertEquals(
                "HTTP/1.1 200 OK",
                say(ours, authority, ENROLL, Optional.of(ours.identity()), get("/registration")),
                "as it is answered with the certificate");
        assertEquals(List.of(), refusals(theirs), "the other service has nothing to do with it");
    }

    /// Whoever is disabled may still ask how it stands, and is told; who was deleted is a stranger.
    @ParameterizedTest
    @CsvSource({
        "DELETE, '', identity-gone, unknown-certificate, 401 Unauthorized",
        "PATCH, '{\"accountEnabled\":false}', disabled, disabled, 200 OK"
    })
    void theEndOfAConnectorEndsItsTunnelsAndItsCertificateAtOnce(
            String method, String body, String told, String refused, String registration) throws Exception {
        Installation site = start("site");
        try (var nginx = NginxServer.start("")) {
            Files.writeString(nginx.folder().resolve("index.html"), "from the inside");
            Installation.Started connector = connect(site, "--verbose");
            site.cli(
                    "app",
                    "publish",
                    "--name",
                    "wiki",
                    "--preauth",
                    "passthrough",
                    "--internal-url",
                    "http://localhost:" + nginx.port() + "/");
            Await.until("wiki is served", () -> status(site) == 200);
            String id = site.connectorIds().getLast();
            long opened = lines(connector, "tunnel opened");
            assertTrue(opened >= 2, "several tunnels: " + connector.log());
            TestCertificates.Issued before = site.identity();
            X509Certificate authority = site.connectorAuthority();

            String path = "/beta/onPremisesPublishingProfiles/applicationProxy/connectors/" + id;
            String answer = site.api(method, path, "--data", body, "--write-out", "%{http_code}");
            assertEquals("204", answer.substring(answer.length() - 3), answer);

            Await.until(
                    "every tunnel is closed, and it is told why: " + connector.log(),
                    () -> lines(connector, "tunnel closed", told) >= opened);
            Await.until("nobody serves wiki", () -> status(site) >= 500);
            connector.awaitLine("reason=\"" + refused, 1);
            assertEquals(
                    "HTTP/1.1 " + registration,
                    say(site, authority, ENROLL, Optional.of(before), get("/registration")));
            connector.stop();

            Installation.Started again = site.connector(); // another process with the same certificate
            again.awaitLine("reason=\"" + refused, 1);
            assertEquals(0, lines(again, "connected to the service"));
            Await.until(
                    "the audit log tells",
                    () -> refusals(site).stream().anyMatch(r -> r.equals("Connect connector: " + refused)));
        }
    }

    private static long lines(Installation.Started of, String... texts) {
        return of.log().stream()
                .filter(line -> List.of(texts).stream().allMatch(line::contains))
                .count();
    }

    private static int status(Installation site) {
        String host = "wiki-contoso.postern.localhost";
        return Integer.parseInt(Command.of(
                        "curl",
                        "--silent",
                        "--max-time",
                        "20",
                        "--cacert",
                        site.authority().toString(),
                        "--resolve",
                        host + ":" + site.port() + ":127.0.0.1",
                        "--output",
                        "/dev/null",
                        "--write-out",
                        "%{http_code}",
                        site.url("wiki-contoso").toString())
                .output());
    }
}
