package io.postern.connector.kerberos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.base.config.ConfigReader;
import io.postern.connector.serve.ScriptedBackend;
import io.postern.connector.serve.TestStream;
import io.postern.connector.serve.TunnelRig;
import io.postern.fixtures.KerberosSite;
import io.postern.fixtures.SambaDomain;
import io.postern.tunnel.TunnelProtocol;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// KCD-1 to KCD-4: requests through a tunnel and a whole connector to a web server that takes nothing but tickets.
class KerberosSignOnTest {
    private static final String ALICE = "kerberos user=alice spn=HTTP%2Fapp.corp.test mechanism=spnego mutual=0";

    private static SambaDomain domain;
    private static KerberosSite site;
    private static ScriptedBackend webSockets;
    private static TunnelRig rig;
    private static String app;

    @BeforeAll
    static void start() throws Exception {
        domain = SambaDomain.startKdc();
        webSockets = new ScriptedBackend((connection, number) -> {
            String head = connection.readHead();
            connection.send(accepted(head) + "hello " + field(head, "x-remote-user"));
            connection.socket().getInputStream().read();
        });
        site = KerberosSite.start(domain, OptionalInt.of(webSockets.port()));
        Path keytab = domain.keytab("svc-connector");
        Files.setPosixFilePermissions(keytab, PosixFilePermissions.fromString("rw-------"));
        ConfigReader config = ConfigReader.of("connector.yaml", """
                kerberos:
                  keytab: %s
                  principal: svc-connector@CORP.TEST
                  krb5-conf: %s
                  allow: [HTTP/app.corp.test, "HTTP/*.apps.corp.test", HTTP/other.corp.test]
                """.formatted(keytab, domain.krb5Conf(domain.kdc())));
        rig = TunnelRig.open(KerberosSettings.read(config).orElseThrow());
        config.finish();
        app = rig.publish(site.port());
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
        site.close();
        webSockets.close();
        domain.close();
    }

    private static Http2Headers request(String method, String path, String signOn) {
        return TunnelRig.request(method, app, path).set(TunnelProtocol.SIGN_ON, signOn);
    }

    private static TestStream get(String path, String signOn) throws Exception {
        return rig.open(request("GET", path, signOn), true).awaitEnd();
    }

    private static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("-");
    }

    private static String accepted(String head) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((field(head, "sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                            .getBytes(StandardCharsets.US_ASCII));
            return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void signsTheUserInWithTheFirstRequest() throws Exception {
        TestStream answer = get("/app/", ALICE);
        assertEquals(200, answer.status(), answer.failure());
        assertEquals("alice@CORP.TEST", answer.head().get("x-remote-user").toString());
        assertTrue(answer.body().contains("<p id=\"user\">alice@CORP.TEST</p>"), answer.body());
        assertFalse(answer.head().contains("www-authenticate"));
    }

    @Test
    void signsInWithABareTicketAndProvesTheBackend() throws Exception {
        TestStream answer =
                get("/app/", "kerberos user=bob%40CORP.TEST spn=HTTP%2Fapp.corp.test mechanism=krb5 mutual=1");
        assertEquals(200, answer.status(), answer.failure());
        assertEquals("bob@CORP.TEST", answer.head().get("x-remote-user").toString());
        assertFalse(answer.head().contains("www-authenticate"));
    }

    @Test
    void putsTheTicketInThePlaceOfWhatTheClientSays() throws Exception {
        TestStream answer = rig.open(request("GET", "/app/", ALICE).set("authorization", "Basic eDp5"), true)
                .awaitEnd();
        assertEquals(200, answer.status(), answer.failure());
    }

    @Test
    void signsInOnAWebSocketsUpgradeToo() throws Exception {
        Http2Headers head = new DefaultHttp2Headers(false)
                .method("CONNECT")
                .scheme("http")
                .authority("wiki.corp")
                .path("/ws/")
                .set(Http2Headers.PseudoHeaderName.PROTOCOL.value(), "websocket")
                .set("sec-websocket-version", "13")
                .set(TunnelProtocol.BACKEND, app)
                .set(TunnelProtocol.EXCHANGE, "0123456789abcdef0123456789abcdef")
                .set(TunnelProtocol.SIGN_ON, ALICE);
        TestStream socket = rig.open(head, false).awaitBody("hello alice@CORP.TEST");
        assertEquals(200, socket.status(), socket.failure());
        socket.cancel();
    }

    @Test
    void sendsABodyThatIsSmallOnceMoreWithAFreshTicketAfterA401() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            String head = connection.readHead();
            String body = connection.read(5);
            connection.send(
                    number == 1
                            ? "HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + body);
        })) {
            String id = rig.publish(backend.port());
            TestStream stream = rig.open(
                    TunnelRig.request("POST", id, "/form")
                            .set("content-length", "5")
                            .set(TunnelProtocol.SIGN_ON, ALICE),
                    false);
            stream.data("a=b&c", true);
            stream.awaitEnd();
            assertEquals(200, stream.status(), stream.failure());
            assertEquals("a=b&c", stream.body());
            List<String> heads = backend.requests();
            assertEquals(2, heads.size());
            assertTrue(!field(heads.getFirst(), "authorization").equals(field(heads.getLast(), "authorization")));
        }
    }

    @Test
    void tellsThatTheBackendDoesNotTakeTheTicket() throws Exception {
        try (var backend = ScriptedBackend.answering(
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n")) {
            String id = rig.publish(backend.port());
            TestStream answer = rig.open(TunnelRig.request("GET", id, "/").set(TunnelProtocol.SIGN_ON, ALICE), true)
                    .awaitEnd();
            assertEquals("sign-on-refused", answer.failure());
            assertEquals(403, answer.status());
        }
    }

    @Test
    void tellsWhoseMatterAFailureIs() throws Exception {
        assertEquals("sign-on-user", failure("user=nosuch spn=HTTP%2Fapp.corp.test"));
        assertEquals("sign-on-configuration", failure("user=alice spn=HTTP%2Fother.corp.test"));
        assertEquals("sign-on-configuration", failure("user=alice spn=HTTP%2Fgone.corp.test")); // not in 'allow'
        assertEquals("sign-on-configuration", failure("user=alice spn=nonsense"));
    }

    private static String failure(String parameters) throws Exception {
        return get("/app/", "kerberos " + parameters + " mechanism=spnego mutual=0")
                .failure();
    }

    @Test
    void writesNoTicketIntoAnyLogAndTheUserIntoTheSessionsLog() throws Exception {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        root.addAppender(lines);
        root.setLevel(Level.TRACE);
        try {
            assertEquals(200, get("/app/", ALICE).status());
            failure("user=sens spn=HTTP%2Fapp.corp.test");
            TunnelRig.await(() -> text(lines).contains("24029"));
        } finally {
            root.setLevel(before);
            root.detachAppender(lines);
        }
        String said = text(lines);
        assertTrue(said.contains("alice@CORP.TEST"), "the user is missing");
        assertFalse(said.contains("Negotiate YI"), "a token was written");
        assertFalse(said.contains("YIIG") || said.contains("YIIH") || said.contains("YIII"), "a token was written");
        assertFalse(said.contains("EncryptionKey"), "a key was written");
    }

    private static String text(ListAppender<ILoggingEvent> lines) {
        var all = new StringBuilder();
        for (ILoggingEvent line : List.copyOf(lines.list)) {
            all.append(line.getFormattedMessage())
                    .append(' ')
                    .append(line.getKeyValuePairs())
                    .append('\n');
        }
        return all.toString();
    }
}
