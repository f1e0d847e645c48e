package io.postern.connector.kerberos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.connector.serve.ScriptedBackend;
import io.postern.connector.serve.TestStream;
import io.postern.connector.serve.TunnelRig;
import io.postern.fixtures.KerberosSite;
import io.postern.fixtures.SambaDomain;
import io.postern.tunnel.BackendSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/// Users at a real application that takes Kerberos tickets alone, by a real domain (3.2). What goes wrong is
/// told by what it is, and by what mends it.
class KerberosApplicationTest {
    private static SambaDomain domain;
    private static KerberosSite site;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() {
        domain = SambaDomain.startKdc();
        site = KerberosSite.start(domain);
    }

    @AfterAll
    static void stop() {
        site.close();
        domain.close();
    }

    private static KerberosRig rig(String account) throws Exception {
        return KerberosRig.open(KerberosRig.settings(domain, account), site);
    }

    private static KerberosRig rigWithDirectory(String account) throws Exception {
        return KerberosRig.open(
                KerberosRig.settings(
                        domain, account, domain.krb5Conf(domain.kdc()), Optional.of(KerberosRig.ldap(domain, folder))),
                site);
    }

    private static String reason(TestStream answer) {
        CharSequence reason = answer.head().get("postern-reason");
        return reason == null ? answer.head() + " " + site.log() : reason.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "alice, onPremisesSAMAccountName, alice@CORP.TEST",
        "alice, userPrincipalUsername, alice@CORP.TEST",
        "CORP\\alice, onPremisesSAMAccountName, alice@CORP.TEST",
        "alice@corp.test, userPrincipalName, alice@CORP.TEST",
        "carol@contoso.example, userPrincipalName, carol@CORP.TEST",
        "CAROL@contoso.example, onPremisesUserPrincipalName, carol@CORP.TEST",
        "david.miller@corp.test, userPrincipalName, dave@CORP.TEST",
        "bob@corp.test, userPrincipalName, bob@CORP.TEST"
    })
    void theApplicationSeesTheUsersAccount(String name, String identity, String account) throws Exception {
        try (KerberosRig rig = rigWithDirectory("svc-connector")) {
            TestStream answer =
                    rig.get("/app/", KerberosRig.way(name, identity, KerberosRig.SPN, " mechanism=spnego mutual=0"));
            assertEquals(200, answer.status(), reason(answer));
            assertEquals(account, String.valueOf(answer.head().get("x-remote-user")));
            assertNull(answer.head().get("www-authenticate"));
        }
    }

    @ParameterizedTest
    @CsvSource({"spnego, 0", "spnego, 1", "krb5, 0", "krb5, 1"})
    void speaksBothMechanismsAndChecksTheBackendsProof(String mechanism, int mutual) throws Exception {
        try (KerberosRig rig = rig("svc-connector")) {
            for (int i = 0; i < 3; i++) { // a token is good for one request
                TestStream answer = rig.get(
                        "/app/",
                        KerberosRig.way(
                                "alice",
                                "onPremisesSAMAccountName",
                                KerberosRig.SPN,
                                " mechanism=" + mechanism + " mutual=" + mutual));
                assertEquals(200, answer.status(), reason(answer));
            }
            assertEquals(1, rig.rig().metric("connector_kerberos_cached_tickets"), "one ticket for all three");
        }
    }

    @Test
    void aBackendThatProvesNothingIsRefusedWhereProofIsWanted() throws Exception {
        try (KerberosRig rig = rig("svc-connector")) {
            TestStream answer = rig.get(
                    "/public/",
                    KerberosRig.way(
                            "alice", "onPremisesSAMAccountName", KerberosRig.SPN, " mechanism=spnego mutual=1"));
            assertEquals("sign-on-refused", String.valueOf(answer.head().get("postern-failure")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "disa, sign-on-user, is disabled",
        "expi, sign-on-user, has expired",
        "must, sign-on-user, must be changed",
        "sens, sign-on-user, is sensitive",
        "nobody, sign-on-user, no account",
        "OTHER\\alice, sign-on-user, the domain of 'OTHER",
        "al/ice, sign-on-user, is no account's name"
    })
    void saysWhatIsWrongWithTheUser(String user, String failure, String says) throws Exception {
        try (KerberosRig rig = rigWithDirectory("svc-connector")) {
            refused(rig, user, KerberosRig.SPN, failure, says);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "svc-connector, HTTP/other.corp.test, may not delegate to 'HTTP/other.corp.test'",
        "svc-connector, HTTP/gone.corp.test, no account has the service principal name",
        "svc-connector, HTTP/weak.corp.test, encryption type",
        "svc-no-list, HTTP/app.corp.test, may not delegate",
        "svc-no-spn, HTTP/app.corp.test, has no service principal name",
        "svc-kerberos-only, HTTP/app.corp.test, Use any authentication protocol",
        "svc-any-service, HTTP/app.corp.test, Use any authentication protocol",
        "svc-connector, nonsense, is no service principal name"
    })
    void saysWhatIsWrongWithTheSetUp(String connector, String spn, String says) throws Exception {
        try (KerberosRig rig = rigWithDirectory(connector)) {
            refused(rig, "alice", spn, "sign-on-configuration", says);
        }
    }

    private static void refused(KerberosRig rig, String user, String spn, String failure, String says)
            throws Exception {
        TestStream answer =
                rig.get("/app/", KerberosRig.way(user, "onPremisesSAMAccountName", spn, " mechanism=spnego mutual=0"));
        assertEquals(failure, String.valueOf(answer.head().get("postern-failure")), reason(answer));
        assertTrue(reason(answer).contains(says), reason(answer));
    }

    @Test
    void withoutADirectoryASuffixThatIsNoRealmLeadsToNobody() throws Exception {
        try (KerberosRig rig = rig("svc-connector")) {
            TestStream answer = rig.get(
                    "/app/",
                    KerberosRig.way(
                            "alice@contoso.example", "userPrincipalName", KerberosRig.SPN, " mechanism=spnego"));
            assertEquals("sign-on-user", String.valueOf(answer.head().get("postern-failure")));
            assertTrue(reason(answer).contains("kerberos.realms"), reason(answer));
        }
    }

    @Test
    void anyServiceNameOfTheBackendsAccountWillDo() throws Exception {
        try (KerberosRig rig = rig("svc-connector")) { // Apache has the keys of one account, whatever its names
            TestStream answer = rig.get(
                    "/app/",
                    KerberosRig.way(
                            "alice", "onPremisesSAMAccountName", "HTTP/one.apps.corp.test", " mechanism=spnego"));
            assertEquals(200, answer.status(), reason(answer));
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/*.corp.test, 200, -", "HTTP/*.example, 502, no host under"})
    void theStarOfAServiceIsTheHostOfTheRequest(String spn, int status, String says) throws Exception {
        try (var backend = ScriptedBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                KerberosRig rig = rig("svc-connector")) {
            String id = rig.rig()
                    .publish(new BackendSettings(
                            "wild",
                            "http",
                            "*.corp.test",
                            backend.port(),
                            true,
                            Duration.ofSeconds(10),
                            Duration.ofMinutes(1)));
            TestStream answer = rig.rig()
                    .open(
                            TunnelRig.request("GET", id, "/")
                                    .set("postern-host", "app.corp.test")
                                    .set(
                                            "postern-sign-on",
                                            KerberosRig.way(
                                                    "alice", "onPremisesSAMAccountName", spn, " mechanism=spnego")),
                            true)
                    .awaitEnd();
            if (status == 200) { // the name resolves nowhere here: a ticket was got, and the backend was asked for
                assertEquals("resolve", answer.failure(), reason(answer));
            } else {
                assertEquals("sign-on-configuration", answer.failure());
                assertTrue(reason(answer).contains(says), reason(answer));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"5, 200, 2", "65536, 200, 2", "65537, 403, 1"})
    void aBodyThatIsSmallGoesOutOnceMoreWithAFreshTicket(int length, int status, int sent) throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
                    connection.readHead();
                    String body = connection.read(length);
                    connection.send(
                            number == 1
                                    ? "HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n"
                                    : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + body.substring(length - 5));
                    connection.socket().getInputStream().read();
                });
                KerberosRig rig = rig("svc-connector")) {
            String id = rig.rig().publish(backend.port());
            TestStream stream = rig.rig()
                    .open(
                            TunnelRig.request("POST", id, "/form")
                                    .set("content-length", String.valueOf(length))
                                    .set(
                                            "postern-sign-on",
                                            KerberosRig.way(
                                                    "alice",
                                                    "onPremisesSAMAccountName",
                                                    KerberosRig.SPN,
                                                    " mechanism=spnego")),
                            false);
            stream.data("x".repeat(length - 5) + "a=b&c", true);
            stream.awaitEnd();
            assertEquals(status, stream.status(), stream.failure());
            assertEquals(status == 200 ? "a=b&c" : "", stream.body());
            assertEquals(sent, backend.requests().size());
            assertEquals(
                    sent,
                    backend.requests().stream()
                            .map(head -> head.replaceAll("(?is).*authorization: ([^\r]*).*", "$1"))
                            .distinct()
                            .count());
        }
    }

    @Test
    void aConnectorThatIsNotSetUpForItSaysSo() throws Exception {
        try (KerberosRig rig = rig("svc-connector")) {
            TestStream answer = rig.get("/app/", "form app=1 user=2");
            assertEquals("sign-on-configuration", String.valueOf(answer.head().get("postern-failure")));
            assertFalse(reason(answer).isEmpty());
        }
    }

    @Test
    void aWebSocketIsSignedOnToo() throws Exception {
        try (var sockets = new ScriptedBackend((connection, _) -> {
                    String head = connection.readHead();
                    connection.send(ScriptedBackend.accepted(head, "") + "user="
                            + head.replaceAll("(?is).*x-remote-user: ([^\r]*).*", "$1"));
                    connection.read(1);
                });
                KerberosSite withSockets = KerberosSite.start(domain, OptionalInt.of(sockets.port()));
                KerberosRig rig = KerberosRig.open(KerberosRig.settings(domain, "svc-connector"), withSockets)) {
            TestStream socket = rig.webSocket(
                    "/ws/",
                    KerberosRig.way("bob", "onPremisesSAMAccountName", KerberosRig.SPN, " mechanism=spnego mutual=0"));
            socket.awaitBody("user=bob@CORP.TEST");
            assertEquals(200, socket.status());
            socket.cancel();
        }
    }

    @Test
    void noTicketAndNoKeyIsInAnyLog() throws Exception {
        var said = new ListAppender<ILoggingEvent>();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        said.start();
        root.addAppender(said);
        root.setLevel(Level.TRACE);
        String token;
        try (var spy = ScriptedBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                KerberosRig rig = rigWithDirectory("svc-connector")) {
            String backend = rig.rig().publish(spy.port());
            for (String user : List.of("alice", "sens", "nobody")) {
                rig.rig()
                        .open(
                                TunnelRig.request("GET", backend, "/")
                                        .set(
                                                "postern-sign-on",
                                                KerberosRig.way(
                                                        user,
                                                        "onPremisesSAMAccountName",
                                                        KerberosRig.SPN,
                                                        " mechanism=spnego mutual=0")),
                                true)
                        .awaitEnd();
            }
            token = spy.requests().getFirst().replaceAll("(?s).*Negotiate ([^\r]*).*", "$1");
        } finally {
            root.setLevel(before);
            root.detachAppender(said);
        }
        assertTrue(said.list.size() > 10, "it was listened at all");
        for (ILoggingEvent line : said.list) {
            String text = line.getFormattedMessage() + line.getKeyValuePairs();
            assertFalse(text.contains(token.substring(0, 40)), text);
            assertFalse(text.contains("Negotiate "), text);
            assertFalse(text.contains(SambaDomain.READER_PASSWORD), text);
        }
    }

    /// IIS may take the rest of a connection for the user's whose ticket it has seen there.
    @Test
    void aConnectionThatHasSeenAUsersTicketCarriesNobodyElsesRequests() throws Exception {
        try (var remembering = new ScriptedBackend((connection, number) -> {
                    while (true) {
                        connection.readHead();
                        connection.send("HTTP/1.1 200 OK\r\nX-Connection: " + number + "\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                KerberosRig rig = KerberosRig.open(KerberosRig.settings(domain, "svc-connector"), site)) {
            String backend = rig.rig().publish(remembering.port());
            assertEquals("1", connection(rig, backend, Optional.of("alice")));
            assertEquals("2", connection(rig, backend, Optional.of("bob")));
            assertEquals("3", connection(rig, backend, Optional.empty()));
            assertEquals("1", connection(rig, backend, Optional.of("alice")));
            assertEquals("2", connection(rig, backend, Optional.of("bob")));
            assertEquals("3", connection(rig, backend, Optional.empty()));
        }
    }

    private static String connection(KerberosRig rig, String backend, Optional<String> user) throws Exception {
        Http2Headers request = TunnelRig.request("GET", backend, "/");
        user.ifPresent(name -> request.set(
                "postern-sign-on",
                KerberosRig.way(name, "onPremisesSAMAccountName", KerberosRig.SPN, " mechanism=spnego mutual=0")));
        return rig.rig()
                .open(request, true)
                .awaitEnd()
                .head()
                .get("x-connection")
                .toString();
    }
}
