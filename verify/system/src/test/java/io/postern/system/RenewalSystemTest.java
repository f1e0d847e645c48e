package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.NginxServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// REG-5, REG-6, REG-10: certificates of real connectors from first to last. Where it matters they live for seconds, so
/// that what takes a year elsewhere is seen.
class RenewalSystemTest {
    private static final int EXIT_REFUSED = 3;
    private static final int EXIT_EXPIRED = 6;

    @TempDir
    Path folder;

    private Optional<Installation> installation = Optional.empty();

    private Installation start(String lifetime) throws IOException {
        var started = Installation.start(folder, lifetime);
        installation = Optional.of(started);
        return started;
    }

    @AfterEach
    void stopAll() {
        if (installation.isPresent()) {
            installation.get().close();
        }
    }

    @Test
    void renewsByItselfWithoutLosingARequest() throws Exception {
        Installation site = start("12s");
        try (var nginx = NginxServer.start("")) {
            Files.writeString(nginx.folder().resolve("index.html"), "from the inside");
            Installation.Started connector =
                    site.connector("--token-file", site.token().toString());
            connector.awaitLine("connected to the service", 1);
            site.cli("app", "publish", "--name", "wiki", "--preauth", "passthrough", "--internal-url", nginxUrl(nginx));
            var browser = new Browser(site.authority());
            URI wiki = site.url("wiki-contoso");
            Await.until("wiki is routed", () -> browser.open(wiki).status() == 200);
            Path certificate = site.data().resolve("identity/certificate.pem");
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
            assertFalse(Files.exists(site.data().resolve("identity.next")));
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(site.data().resolve("identity/key.pem"))));
        }
    }

    @Test
    void aHostThatWasOffUntilExpirySaysSoAndRegistersAgainWithANewToken() throws Exception {
        Installation site = start("12s");
        Installation.Started first = site.connector("--token-file", site.token().toString());
        first.awaitLine("connected to the service", 1);
        String before = site.connectorIds().getLast();
        first.stop();
        Instant expires = site.identity().leaf().getNotAfter().toInstant();
        Await.until("the certificate expires at " + expires, () -> Instant.now().isAfter(expires));

        Installation.Started late = site.connector();
        assertEquals(EXIT_EXPIRED, late.awaitEnd(), late.log().toString());
        late.awaitLine("expired at " + expires, 1);
        late.awaitLine("event=\"1000\"", 1);
        late.awaitLine("--token-file", 1);
        assertTrue(
                Files.readString(site.data().resolve("logs/admin.log")).contains(" 1000 "),
                "the Admin log tells it too");
        assertRemedy(site, "registration");

        Installation.Started again = site.connector("--token-file", site.token().toString());
        again.awaitLine("connected to the service", 1);
        assertEquals(2, site.connectorIds().size());
        assertTrue(site.connectorIds().contains(before), "the old one stays until it is removed as inactive");
    }

    @Test
    void aDeletedConnectorIsCutOffAndRegistersAgainWithANewTokenOnly() throws Exception {
        Installation site = start("365d");
        Path token = site.token();
        Installation.Started first = site.connector("--token-file", token.toString());
        first.awaitLine("connected to the service", 1);
        site.cli("connector", "delete", site.connectorIds().getLast());
        first.awaitLine("does not know this connector any more", 1);
        first.stop();
        assertRemedy(site, "tunnel");

        Installation.Started stolen = site.connector("--token-file", token.toString());
        assertEquals(EXIT_REFUSED, stolen.awaitEnd(), stolen.log().toString());
        assertTrue(site.cli("connector", "tokens").contains("used"));

        site.connector("--token-file", site.token().toString()).awaitLine("connected to the service", 1);
    }

    @Test
    void aDisabledConnectorComesBackWhenItIsEnabled() throws Exception {
        Installation site = start("365d");
        Installation.Started connector =
                site.connector("--token-file", site.token().toString());
        connector.awaitLine("connected to the service", 1);

        site.cli("connector", "disable", site.connectorIds().getLast());
        connector.awaitLine("has disabled this connector", 1);
        assertTrue(site.cli("connector", "list").contains("disabled"));
        site.cli("connector", "enable", site.connectorIds().getLast());

        connector.awaitLine("connected to the service", 2);
    }

    private static String nginxUrl(NginxServer nginx) {
        return "http://localhost:" + nginx.port() + "/";
    }

    /// The pre-flight says what the next lines of the test do: a fresh token, the same folder.
    private static void assertRemedy(Installation site, String step) {
        for (JsonNode finding : site.check().path("findings")) {
            if (finding.path("step").asString().equals(step)) {
                assertEquals("failed", finding.path("verdict").asString(), finding.toString());
                String remedy = finding.path("remedy").asString();
                assertTrue(remedy.contains("start with the same --data and --token-file FILE"), remedy);
                return;
            }
        }
        throw new AssertionError("the pre-flight has no step '" + step + "'");
    }
}
