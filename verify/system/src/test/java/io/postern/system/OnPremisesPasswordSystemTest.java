package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.SambaDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// PWC-1 to PWC-7 by whole processes: people of a real domain sign in with the password that their domain
/// checks. In
/// order, since what happens to domain and connectors happens to all who come after.
@TestMethodOrder(OrderAnnotation.class)
class OnPremisesPasswordSystemTest {
    private static final String RIGHT = SambaDomain.USER_PASSWORD;

    @TempDir
    private static Path folder;

    private static SambaDomain domain;
    private static Installation installation;
    private static Installation.Started first;
    private static Installation.Started second;

    @BeforeAll
    static void open() throws IOException {
        domain = SambaDomain.start();
        installation = Installation.start(folder.resolve("i"), "30d");
        installation.cli("sync", "add", "corp", "--base", "OU=Staff," + SambaDomain.BASE);
        first = connector("first");
        Await.until("alice is here", () -> installation.cli("user", "list").contains("alice@contoso.example"));
    }

    @AfterAll
    static void close() {
        installation.close();
        domain.close();
    }

    private static Installation.Started connector(String name) throws IOException {
        Path password = folder.resolve("password");
        Files.writeString(password, SambaDomain.READER_PASSWORD + "\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Path config = folder.resolve("connector.yaml");
        Files.writeString(config, """
                directories:
                  - name: corp
                    urls: [%s]
                    trust: %s
                    bind-dn: svc-sync@corp.test
                    password-file: %s
                """.formatted(domain.ldaps(), domain.authority(), password));
        return installation.launch(
                "connector",
                "--service",
                installation.url("connect").toString(),
                "--data",
                folder.resolve(name).toString(),
                "--config",
                config.toString(),
                "--token-file",
                installation.token().toString(),
                "--grace",
                "1");
    }

    private static Browser.Page signIn(String user, String password) {
        return new Browser(installation.authority()).openSignedIn(installation.url("myapps"), user, password);
    }

    private static void assertSignedIn(String user, String password) {
        Browser.Page page = signIn(user, password);
        assertEquals(installation.url("myapps").getHost(), page.uri().getHost(), page.body());
    }

    private static void assertRefused(String user, String password, int number) {
        Browser.Page page = signIn(user, password);
        assertTrue(page.body().contains("AADSTS" + number), page.body());
    }

    private static JsonNode lastSignIn() throws IOException {
        return new ObjectMapper()
                .readTree(installation.api("GET", "/v1.0/auditLogs/signIns?$top=1"))
                .path("value")
                .path(0);
    }

    @Test
    @Order(1)
    void theChoiceNeedsAnAdministratorWhoIsKeptHere() throws IOException {
        Command.Result refused = installation.tryCli("sync", "change", "corp", "--password-check", "on-premises");
        assertNotEquals(0, refused.exit());
        assertTrue(refused.errors().contains("Global Administrator"), refused.errors());

        installation.cli("user", "add", "emergency@contoso.example", "--keep-password");
        installation.cli("role", "assign", "emergency@contoso.example", "--role", "Global Administrator");
        String shown = installation.cli("sync", "change", "corp", "--password-check", "on-premises");
        assertTrue(shown.contains("checked on premises"), shown);
    }

    @Test
    @Order(2)
    void theDomainSaysWhoIsRight() throws IOException {
        assertSignedIn("alice@contoso.example", RIGHT);
        assertTrue(
                lastSignIn().toString().contains("Password checked on premises by connector '"),
                lastSignIn().toString());
        assertRefused("alice@contoso.example", "Wrong-Passw0rd-1", 50126);
        assertRefused("nobody@contoso.example", RIGHT, 50126);
        assertRefused("disa@contoso.example", RIGHT, 50057);
        assertFalse(first.log().toString().contains(RIGHT));
    }

    @Test
    @Order(3)
    void hisPasswordIsSetThereAlone() throws IOException {
        Command.Result refused = installation.tryCli("user", "reset-password", "alice@contoso.example");
        assertNotEquals(0, refused.exit());
        assertTrue(refused.errors().contains("not here"), refused.errors());
    }

    @Test
    @Order(4)
    void fewWrongOnesReachTheDomain() throws IOException {
        for (int i = 0; i < 5; i++) {
            signIn("bob@contoso.example", "Wrong-Passw0rd-" + i);
        }
        assertRefused("bob@contoso.example", RIGHT, 50053);
        installation.cli("sync", "change", "corp", "--password-tries", "4");
    }

    @Test
    @Order(5)
    void anotherConnectorGoesOn() throws Exception {
        second = connector("second");
        Await.until(
                "both wait",
                () -> new ObjectMapper()
                                .readTree(installation.cli("sync", "show", "corp", "--json"))
                                .at("/status/passwordConnectors")
                                .size()
                        >= 1);
        second.awaitLine("connector started", 1);
        first.process().destroyForcibly();
        for (int i = 0; i < 3; i++) {
            assertSignedIn("carol@contoso.example", RIGHT);
        }
    }

    @Test
    @Order(6)
    void whenTheDomainIsAwayThePageSaysSo() throws IOException {
        domain.stop();
        assertRefused("carol@contoso.example", RIGHT, 80001);
        domain.startAgain();
        assertSignedIn("carol@contoso.example", RIGHT);
    }

    @Test
    @Order(7)
    void withoutAConnectorNobodyComesIn() throws Exception {
        second.stop();
        Await.until(
                "nobody waits",
                Duration.ofSeconds(40),
                () -> signIn("carol@contoso.example", RIGHT).body().contains("AADSTS80001"));
        assertTrue(lastSignIn().toString().contains("80001"), lastSignIn().toString());
    }
}
