package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.ForwardProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A connector that an administrator registers by signing in (REG-1 to REG-3), with processes as in production.
class ConnectorSignInSystemTest {
    private static final Pattern CODE = Pattern.compile("enter the code ([A-Z]{4}-[A-Z]{4})");
    private static final String PASSWORD = "Umbrella-tractor-7-velvet";
    private static final String PROXY_PASSWORD = "Wrong-Way-42-Out";
    private static final int REFUSED = 3;

    @TempDir
    static Path home;

    private static Quickstart quickstart;

    @TempDir
    Path folder;

    private final List<Process> running = new ArrayList<>();

    @BeforeAll
    static void start() {
        quickstart = Quickstart.start(home.resolve("data"), "--no-demo");
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
    void anAdministratorRegistersItThroughTheProxyAndNothingOfHimStays() throws Exception {
        try (var proxy = ForwardProxy.apache("svc", PROXY_PASSWORD, quickstart.port())) {
            Path credentials = Files.writeString(folder.resolve("proxy"), "svc:" + PROXY_PASSWORD);
            Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
            Started connector = connector(
                    "contoso", "--proxy", proxy.url(), "--proxy-credentials", credentials.toString(), "--verbose");
            var browser = confirm(connector.code(), quickstart.user(), quickstart.password(), "allow");
            connector.awaitLine("enrolled");
            assertTrue(
                    quickstart.cli("connector", "list").expectSuccess().contains("active"),
                    "another one of the tenant, in group Default");
            stopConnectors(); // httpd writes of a connection when it is over
            for (String host : List.of("login", "api", "connect")) {
                Await.until(
                        host + " was reached by CONNECT",
                        () -> proxy.log().contains("svc CONNECT " + host + ".postern.localhost:"));
            }
            List<String> secrets = List.of(
                    quickstart.password(),
                    PROXY_PASSWORD,
                    "eyJ",
                    "Bearer ",
                    browser.cookiesFor("login.postern.localhost"));
            for (String secret : secrets) {
                assertFalse(String.join("\n", connector.log()).contains(secret), "not in the log");
                assertHoldsNot(folder.resolve("connector"), secret);
            }
        }
        var audit = quickstart.cli("audit", "list", "--top", "20").expectSuccess();
        assertTrue(audit.contains(quickstart.user()), audit);
    }

    @Test
    void whoHasNoRoleRegistersNothing() throws Exception {
        quickstart.cli("user", "add", "r.nobody@contoso.example", "--password-file", password(), "--json");
        Started connector = connector("contoso");
        confirm(connector.code(), "r.nobody@contoso.example", PASSWORD, "allow");
        assertEquals(REFUSED, connector.awaitEnd());
        connector.awaitLine("you are signed in, but the service does not let you register a connector:");
        assertHoldsNot(folder.resolve("connector"), "BEGIN");
    }

    @Test
    void aGuestRegistersNothingWhateverHisRole() throws Exception {
        quickstart
                .cli("user", "add", "g.uest@contoso.example", "--password-file", password())
                .expectSuccess();
        quickstart
                .cli("user", "set", "g.uest@contoso.example", "--attribute", "userType=Guest")
                .expectSuccess();
        quickstart
                .cli("role", "assign", "g.uest@contoso.example", "--role", "Application Administrator")
                .expectSuccess();
        Started connector = connector("contoso");
        confirm(connector.code(), "g.uest@contoso.example", PASSWORD, "allow");
        assertEquals(REFUSED, connector.awaitEnd());
        connector.awaitLine("'g.uest@contoso.example' is a guest; guests cannot register connectors");
    }

    @Test
    void anAdministratorOfAnotherTenantCannotSignInForIt() throws Exception {
        quickstart
                .cli("tenant", "add", "fabrikam", "--domain", "fabrikam.example", "--password-file", password())
                .expectSuccess();
        Started connector = connector("contoso");
        connector.awaitLine("nobody of another organisation");
        var browser = new Browser(quickstart.authority());
        Browser.Page page = browser.fill(codePage(browser, connector.code()), Map.of());
        page = browser.submit(page, "admin@fabrikam.example", PASSWORD);
        assertTrue(page.body().contains("AADSTS50020"), page.body());
        assertFalse(page.body().contains("name=\"answer\""), page.body());
        age(connector.code());
        assertEquals(REFUSED, connector.awaitEnd());
        connector.awaitLine("the code has expired: no administrator of 'contoso' confirmed it within 15 minutes");
    }

    @Test
    void aDeclinedCodeAndAnUnknownTenantAreToldInPlainWords() throws Exception {
        Started declined = connector("contoso");
        confirm(declined.code(), quickstart.user(), quickstart.password(), "decline");
        assertEquals(REFUSED, declined.awaitEnd());
        declined.awaitLine("the sign-in was declined in the browser: AADSTS65004");

        Started stranger = connector("nowhere");
        assertEquals(2, stranger.awaitEnd());
        stranger.awaitLine("check --tenant");
    }

    @Test
    void anUntrustedServiceIsToldWithWhatIsWrongAndTheRemedy() {
        Command.Result refused = Command.of(
                Checkout.launcher(),
                "connector",
                "--service",
                quickstart.url("connect").toString(),
                "--data",
                folder.resolve("connector").toString(),
                "--sign-in",
                "--tenant",
                "contoso");

        assertTrue(refused.exit() != 0, refused.output());
        assertTrue(refused.errors().contains("unable to find valid certification path"), refused.errors());
        assertTrue(refused.errors().contains("give --sign-in-ca"), refused.errors());
    }

    /// What the code's 15 minutes do, without waiting for them.
    private static void age(String code) throws Exception {
        String database = "jdbc:sqlite:" + quickstart.data().resolve("postern.db");
        try (var connection = DriverManager.getConnection(database);
                var statement =
                        connection.prepareStatement("UPDATE device_codes SET expires = ? WHERE user_code = ?")) {
            statement.setLong(1, 0);
            statement.setString(2, code.replace("-", ""));
            assertEquals(1, statement.executeUpdate());
        }
    }

    /// As the person who reads the code on the terminal.
    private static Browser confirm(String code, String user, String password, String answer) {
        var browser = new Browser(quickstart.authority());
        Browser.Page page = browser.fill(codePage(browser, code), Map.of());
        page = browser.submit(page, user, password);
        assertTrue(page.body().contains("name=\"answer\""), page.body());
        assertTrue(page.body().contains("Connector registration"), page.body());
        page = browser.fill(page, Map.of("answer", answer));
        assertEquals(200, page.status(), page.body());
        return browser;
    }

    private static Browser.Page codePage(Browser browser, String code) {
        return browser.open(URI.create(quickstart.url("login") + "device?user_code=" + code));
    }

    private String password() throws IOException {
        return Files.writeString(folder.resolve("password"), PASSWORD + "\n").toString();
    }

    private record Started(Process process, List<String> log) {
        void awaitLine(String text) {
            Await.until(text + " in " + log, () -> log.stream().anyMatch(l -> l.contains(text)));
        }

        String code() {
            awaitLine("enter the code");
            var found = CODE.matcher(String.join("\n", log));
            assertTrue(found.find(), log.toString());
            return found.group(1);
        }

        int awaitEnd() throws InterruptedException {
            assertTrue(process.waitFor(30, java.util.concurrent.TimeUnit.SECONDS), "ends: " + log);
            return process.exitValue();
        }
    }

    private Started connector(String tenant, String... more) throws IOException {
        var command = new ArrayList<>(List.of(
                Checkout.launcher(),
                "connector",
                "--service",
                quickstart.url("connect").toString(),
                "--data",
                folder.resolve("connector").toString(),
                "--grace",
                "1",
                "--sign-in",
                "--tenant",
                tenant,
                "--sign-in-ca",
                quickstart.authority().toString()));
        command.addAll(List.of(more));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("POSTERN_NO_BUILD", "1");
        Process process = builder.start();
        running.add(process);
        return new Started(process, Output.of(process));
    }

    private static void assertHoldsNot(Path folder, String secret) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertFalse(content.contains(secret), file.toString());
            }
        }
    }
}
