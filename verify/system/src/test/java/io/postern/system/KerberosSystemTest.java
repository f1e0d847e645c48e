package io.postern.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.postern.fixtures.KerberosSite;
import io.postern.fixtures.SambaDomain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Kerberos constrained delegation with everything real: service, connector, a domain, Apache with
/// mod_auth_gssapi and Chromium (3.2). Who signs in once is known to the application, in pages and WebSockets;
/// who has no account there is told so, and the test says why.
class KerberosSystemTest {
    private static final String PASSWORD = "Correct-Horse-7-Battery";
    private static final String ALICE = "alice@contoso.example";
    private static final String SENS = "sens@contoso.example";
    private static final String STRANGER = "stranger@contoso.example";

    @TempDir
    private static Path folder;

    private static SambaDomain domain;
    private static ServerSocket webSockets;
    private static KerberosSite site;
    private static Installation installation;
    private static Installation.Started connector;
    private static Chromium chromium;
    private static URI application;

    @BeforeAll
    static void open() throws IOException {
        domain = SambaDomain.startKdc();
        webSockets = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(KerberosSystemTest::tellUsers);
        site = KerberosSite.start(domain, OptionalInt.of(webSockets.getLocalPort()));
        installation = Installation.start(folder.resolve("i"), "30d");
        connector = installation.connector(
                "--config",
                configuration().toString(),
                "--token-file",
                installation.token().toString());
        connector.awaitLine("connector started", 1);
        Path password = Files.writeString(folder.resolve("word"), PASSWORD);
        installation.cli("app", "publish", "--name", "intranet", "--internal-url", "http://127.0.0.1:" + site.port());
        for (String user : new String[] {ALICE, SENS, STRANGER}) {
            installation.cli("user", "add", user, "--password-file", password.toString());
            installation.cli("app", "assign", "intranet", "--user", user);
        }
        installation.cli(
                "app",
                "sso",
                "kerberos",
                "intranet",
                "--spn",
                "HTTP/app.corp.test",
                "--identity",
                "userPrincipalUsername");
        application = installation.url("intranet-contoso");
        chromium = Chromium.trusting(installation.authority());
    }

    @AfterAll
    static void close() throws IOException {
        chromium.close();
        installation.close();
        site.close();
        webSockets.close();
        domain.close();
    }

    private static Path configuration() throws IOException {
        Path password = secret(folder.resolve("reader"));
        Files.writeString(password, SambaDomain.READER_PASSWORD);
        Path keytab = secret(folder.resolve("connector.keytab"));
        Files.write(keytab, Files.readAllBytes(domain.keytab("svc-connector")));
        return Files.writeString(folder.resolve("connector.yaml"), """
                kerberos:
                  keytab: %s
                  principal: svc-connector@CORP.TEST
                  krb5-conf: %s
                  ldap:
                    urls: [%s]
                    trust: %s
                    bind-dn: svc-sync@corp.test
                    password-file: %s
                """.formatted(
                        keytab, domain.krb5Conf(domain.kdc()), domain.ldaps(), domain.authority(), password));
    }

    private static Path secret(Path file) throws IOException {
        return Files.setPosixFilePermissions(Files.createFile(file), PosixFilePermissions.fromString("rw-------"));
    }

    /// Behind Apache: one message to each WebSocket, who it is that Apache let in.
    private static void tellUsers() {
        while (!webSockets.isClosed()) {
            try (Socket socket = webSockets.accept()) {
                var lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                String key = "";
                String user = "nobody";
                for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                    if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
                        key = line.substring(18).strip();
                    }
                    if (line.regionMatches(true, 0, "X-Remote-User:", 0, 14)) {
                        user = line.substring(14).strip();
                    }
                }
                byte[] proof = MessageDigest.getInstance("SHA-1")
                        .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
                OutputStream out = socket.getOutputStream();
                out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(proof) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(new byte[] {(byte) 0x81, (byte) user.length()}); // a text in one frame
                out.write(user.getBytes(StandardCharsets.US_ASCII));
                out.flush();
                while (lines.read() >= 0) {
                    // until the browser has enough
                }
            } catch (IOException | GeneralSecurityException e) {
                // this one is gone
            }
        }
    }

    private static Page signedIn(BrowserContext context, String user) {
        Page page = context.newPage();
        page.navigate(application.resolve("app/").toString());
        page.locator("#username").fill(user);
        page.keyboard().press("Enter");
        page.locator("#password").fill(PASSWORD);
        page.keyboard().press("Enter");
        page.locator("button[name=stay][value=no]").click();
        page.waitForURL(application.resolve("app/").toString());
        return page;
    }

    @Test
    void whoSignsInOnceIsKnownToTheApplication() {
        try (BrowserContext context = chromium.browser().newContext()) {
            Page page = signedIn(context, ALICE);
            assertThat(page.locator("#user")).hasText("alice@CORP.TEST");
            page.reload();
            assertThat(page.locator("#user")).hasText("alice@CORP.TEST");
            Object told = page.evaluate("""
                    () => new Promise((done, failed) => {
                        const socket = new WebSocket(location.origin.replace('https', 'wss') + '/ws/');
                        socket.onmessage = message => { done(message.data); socket.close(); };
                        socket.onclose = () => failed(new Error('closed'));
                    })""");
            assertEquals("alice@CORP.TEST", told, "the upgrade carries a ticket too");
        }
    }

    @Test
    void whoMayNotBeDelegatedIsToldSo() {
        for (String user : new String[] {SENS, STRANGER}) {
            try (BrowserContext context = chromium.browser().newContext()) {
                Page page = signedIn(context, user);
                assertThat(page.locator("h1")).hasText("This app does not know you");
                assertFalse(page.content().contains("CORP.TEST"), "nothing of the inside");
            }
        }
    }

    @Test
    void theTestNamesTheBrokenRung() throws IOException {
        String good = installation.cli("app", "sso", "test", "intranet", "--user", ALICE);
        assertTrue(good.contains("ok      ticket: 'alice@CORP.TEST' has a ticket"), good);
        assertTrue(good.contains("ok      http: ") || good.contains("warning http: "), good);

        Command.Result bad = installation.tryCli("app", "sso", "test", "intranet", "--user", SENS, "--json");
        assertEquals(1, bad.exit());
        JsonNode report = new ObjectMapper().readTree(bad.output());
        assertEquals("failed", report.path("result").asString());
        JsonNode broken = report.at("/connectors/0/steps")
                .valueStream()
                .filter(step -> step.path("result").asString().equals("failed"))
                .findFirst()
                .orElseThrow();
        assertEquals("user", broken.path("name").asString(), report.toString());
        assertTrue(broken.path("remedy").asString().contains("samba-tool user sensitive sens off"), broken.toString());
        assertFalse(connector.log().toString().contains("Negotiate "), "no ticket in the log");
    }
}
