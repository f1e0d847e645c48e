package io.postern.connector.serve;

import static io.postern.connector.serve.TunnelRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorSettings;
import io.postern.fixtures.TestCertificates;
import io.postern.net.dial.ProxyChoice;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.BackendTlsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Exchanges with a backend that speaks HTTP/2 (RFC 9113): what it says by frames, and what becomes of it.
/// Longer than most files: one case after the other of one protocol, over one rig; hostile ones are
/// [Http2HostileBackendTest]'s.
class Http2BackendTest {
    private static final TestCertificates INNER = TestCertificates.authority("inner");
    private static final TestCertificates.Issued RIGHT = INNER.server("localhost");

    private static final int NO_ERROR = 0;
    private static final int INTERNAL_ERROR = 2;
    private static final int REFUSED_STREAM = 7;
    private static final int HTTP_1_1_REQUIRED = 13;
    private static final int MAX_CONCURRENT_STREAMS = 3;

    private static TunnelRig rig;

    @BeforeAll
    static void openRig() throws Exception {
        rig = rig(INNER);
    }

    /// @param trusted whose certificates backends may show
    static TunnelRig rig(TestCertificates trusted) throws Exception {
        return new TunnelRig(
                new ConnectorSettings(
                        ServeSettings.defaults(),
                        ProxyChoice.none(),
                        1,
                        1,
                        new BackendCredentials(List.of(trusted.authority()), List.of(), Map.of()),
                        List.of(),
                        Optional.empty(),
                        new HostPort("127.0.0.1", 0),
                        Duration.ZERO,
                        ConnectorSettings.defaults().logs()),
                1);
    }

    @AfterAll
    static void closeRig() {
        rig.close();
    }

    static BackendSettings http2(int port, Duration firstByte) {
        return new BackendSettings(
                "h" + port,
                "https",
                "localhost",
                port,
                new BackendTlsSettings(true, Set.of(), Optional.empty(), Optional.empty(), true),
                firstByte,
                Duration.ofMinutes(1));
    }

    private static String publish(Http2Backend backend) throws InterruptedException {
        return rig.publish(http2(backend.port(), Duration.ofSeconds(10)));
    }

    private static Http2Backend backend(Http2Backend.Script script) throws Exception {
        return new Http2Backend(RIGHT, script, (connection, number) -> {
            while (true) {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
            }
        });
    }

    /// Answers each request with its path.
    static void echo(Http2Backend.Connection connection, int number) throws IOException {
        connection.settings();
        while (true) {
            Http2Backend.Request asked = connection.request();
            connection.headers(asked.stream(), false, ":status", "200");
            connection.data(asked.stream(), true, asked.head().path().toString());
        }
    }

    @Test
    void passesRequestAndAnswerAsTheyAre() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            int stream = connection.request().stream();
            connection.headers(stream, false, ":status", "103", "link", "</a.css>");
            connection.headers(
                    stream, false, ":status", "201", "set-cookie", "a=1", "set-cookie", "b=2", "postern-failure", "x");
            connection.data(stream, false, "hel");
            connection.data(stream, false, "lo");
            connection.headers(stream, true, "x-sum", "42", "postern-x", "1", "content-length", "5");
            closes(connection);
        })) {
            Http2Headers head = request("GET", publish(backend), "/a/b%20c?q=1")
                    .add("cookie", "a=1")
                    .add("cookie", "b=2")
                    .add("te", "trailers")
                    .add("x-mine", "1");
            TestStream answer = rig.open(head, true).awaitEnd();
            assertEquals("103", answer.heads().getFirst().status().toString());
            assertEquals(201, answer.status());
            assertEquals(2, answer.head().getAll("set-cookie").size());
            assertNull(answer.head().get("postern-failure"));
            assertTrue(answer.head().contains("postern-timing"));
            assertEquals("hello", answer.body());
            assertEquals("42", answer.trailers().orElseThrow().get("x-sum").toString());
            assertEquals(1, answer.trailers().orElseThrow().size());

            Http2Headers sent = backend.requests().getFirst().head();
            assertEquals("GET", sent.method().toString());
            assertEquals("https", sent.scheme().toString());
            assertEquals("wiki.corp", sent.authority().toString());
            assertEquals("/a/b%20c?q=1", sent.path().toString());
            assertEquals("trailers", sent.get("te").toString());
            assertEquals(2, sent.getAll("cookie").size());
            assertEquals("1", sent.get("x-mine").toString());
            assertFalse(sent.names().stream().anyMatch(name -> name.toString().startsWith("postern-")), sent::toString);
        }
    }

    @Test
    void manyRequestsShareAConnection() throws Exception {
        int many = 40;
        try (var backend = backend((connection, number) -> {
            connection.settings();
            List<Integer> streams = new ArrayList<>();
            while (streams.size() < many) { // answers none before all are there
                streams.add(connection.request().stream());
            }
            for (int stream : streams.reversed()) {
                connection.headers(stream, true, ":status", "204");
            }
            closes(connection);
        })) {
            String id = publish(backend);
            List<TestStream> all = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                all.add(rig.get(id, "/" + i));
            }
            for (TestStream one : all) {
                assertEquals(204, one.awaitEnd().status());
            }
            assertEquals(1, backend.connections());
        }
    }

    @Test
    void opensNoMoreStreamsAtOnceThanTheBackendAllows() throws Exception {
        var most = new AtomicInteger();
        var all7 = new CountDownLatch(7);
        try (var backend = backend((connection, number) -> {
            connection.settings(MAX_CONCURRENT_STREAMS, 2);
            var open = new ConcurrentLinkedQueue<Integer>();
            Thread.ofVirtual().start(() -> {
                ServeTest.awaitLatch(all7);
                answerOldest(connection, open);
            });
            while (true) {
                open.add(connection.request().stream());
                most.accumulateAndGet(open.size(), Math::max);
                all7.countDown();
                if (open.size() == 2 || all7.getCount() == 0) {
                    answerOldest(connection, open);
                }
            }
        })) {
            String id = publish(backend);
            List<TestStream> all = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                all.add(rig.get(id, "/" + i));
            }
            for (TestStream one : all) {
                assertEquals(204, one.awaitEnd().status());
            }
            assertEquals(2, most.get());
        }
    }

    private static void answerOldest(Http2Backend.Connection connection, Queue<Integer> open) {
        Integer stream = open.poll();
        if (stream != null) {
            try {
                connection.headers(stream, true, ":status", "204");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void headAndNotModifiedHaveALengthAndNoBody() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            connection.headers(connection.request().stream(), true, ":status", "200", "content-length", "12345");
            connection.headers(connection.request().stream(), true, ":status", "304", "content-length", "99");
            connection.headers(connection.request().stream(), false, ":status", "200", "content-length", "0");
            connection.data(5, true, "");
            closes(connection);
        })) {
            String id = publish(backend);
            TestStream head = rig.open(request("HEAD", id, "/"), true).awaitEnd();
            assertEquals("12345", head.head().get("content-length").toString());
            assertTrue(head.isComplete());
            assertEquals(304, rig.get(id, "/").awaitEnd().status());
            assertTrue(rig.get(id, "/").awaitEnd().isComplete());
        }
    }

    @Test
    void sendsBodiesAndTrailers() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            int stream = connection.request().stream();
            assertEquals("abc", connection.await(Http2Backend.DATA).payload());
            Http2Backend.Request trailers = connection.request();
            assertTrue(trailers.ends());
            assertEquals("1", trailers.head().get("x-end").toString());
            assertNull(trailers.head().get("content-length"));
            connection.headers(stream, true, ":status", "201");
            closes(connection);
        })) {
            TestStream upload = rig.open(request("POST", publish(backend), "/"), false);
            upload.data("abc", false);
            upload.trailers(new DefaultHttp2Headers(false).set("x-end", "1").set("content-length", "9"));
            assertEquals(201, upload.awaitEnd().status());
        }
    }

    /// RFC 9113 §8.1: the answer stands, the rest of the request is not wanted.
    @Test
    void earlyAnswerEndsTheUpload() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            while (true) {
                int stream = connection.request().stream();
                connection.headers(stream, false, ":status", "413", "content-length", "3");
                connection.data(stream, true, "big");
                connection.reset(stream, NO_ERROR);
            }
        })) {
            String id = publish(backend);
            TestStream upload = rig.open(request("POST", id, "/"), false);
            upload.data("some", false);
            upload.awaitEnd();
            assertEquals(413, upload.status());
            assertEquals("big", upload.body());
            assertTrue(upload.isComplete());
            assertEquals(413, rig.get(id, "/").awaitEnd().status());
            assertEquals(1, backend.connections());
        }
    }

    @Test
    void goAwayLetsFinishWhatWasTakenAndRepeatsTheRest() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            int first = connection.request().stream();
            if (number > 1) {
                connection.headers(first, true, ":status", "204");
                closes(connection);
                return;
            }
            connection.request();
            connection.goAway(first, NO_ERROR);
            connection.headers(first, true, ":status", "205");
            assertTrue(closes(connection));
        })) {
            String id = publish(backend);
            TestStream first = rig.open(request("POST", id, "/1"), true);
            TunnelRig.await(() -> backend.requests().size() == 1);
            TestStream second = rig.open(request("POST", id, "/2"), true);
            assertEquals(205, first.awaitEnd().status());
            assertEquals(204, second.awaitEnd().status());
            assertEquals(2, backend.connections());
        }
    }

    /// Reads until the connector goes.
    static boolean closes(Http2Backend.Connection connection) {
        try {
            while (true) {
                connection.read();
            }
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void refusedStreamIsSentAgainUnlessItsBodyIsGone() throws Exception {
        var seen = new AtomicInteger();
        try (var backend = backend((connection, number) -> {
            connection.settings();
            while (true) {
                Http2Backend.Request asked = connection.request();
                if (seen.incrementAndGet() == 2) {
                    connection.headers(asked.stream(), true, ":status", "204");
                } else if (asked.ends()) {
                    connection.reset(asked.stream(), REFUSED_STREAM);
                } else {
                    connection.await(Http2Backend.DATA);
                    connection.reset(asked.stream(), REFUSED_STREAM);
                }
            }
        })) {
            String id = publish(backend);
            assertEquals(
                    204, rig.open(request("POST", id, "/"), true).awaitEnd().status());
            TestStream upload = rig.open(request("POST", id, "/"), false);
            upload.data("gone", false);
            assertEquals("backend-closed", upload.awaitEnd().failure());
            assertEquals(3, backend.requests().size());
            assertEquals("backend-closed", rig.get(id, "/").awaitEnd().failure());
            assertEquals(6, backend.requests().size(), "repeated twice and no more");
        }
    }

    @Test
    void whatMayHaveBeenDoneIsNotDoneAgain() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            while (true) {
                connection.reset(connection.request().stream(), INTERNAL_ERROR);
            }
        })) {
            String id = publish(backend);
            assertEquals("backend-closed", rig.get(id, "/").awaitEnd().failure());
            assertEquals(1, backend.requests().size());
        }
    }

    @Test
    void connectionThatEndsWhenUsedAgainIsReplacedForWhatMayBeRepeated() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            connection.headers(connection.request().stream(), true, ":status", "204");
            connection.request(); // and goes without a word
        })) {
            String id = publish(backend);
            assertEquals(204, rig.get(id, "/").awaitEnd().status());
            assertEquals(204, rig.get(id, "/").awaitEnd().status());
            assertEquals(2, backend.connections());
            assertEquals(
                    "backend-closed",
                    rig.open(request("POST", id, "/"), true).awaitEnd().failure());
        }
    }

    @Test
    void resetWithinTheAnswerCutsIt() throws Exception {
        var read = new CountDownLatch(1);
        try (var backend = backend((connection, number) -> {
            connection.settings();
            int stream = connection.request().stream();
            connection.headers(stream, false, ":status", "200");
            connection.data(stream, false, "half");
            ServeTest.awaitLatch(read);
            connection.reset(stream, INTERNAL_ERROR);
            closes(connection);
        })) {
            TestStream answer = rig.get(publish(backend), "/").awaitBody("half");
            read.countDown();
            answer.awaitEnd();
            assertEquals(200, answer.status());
            assertFalse(answer.isComplete());
        }
    }

    @Test
    void cancelledExchangeResetsItsStreamOnly() throws Exception {
        var reset = new CountDownLatch(1);
        try (var backend = backend((connection, number) -> {
            connection.settings();
            int stream = connection.request().stream();
            connection.headers(stream, false, ":status", "200");
            connection.data(stream, false, "half");
            assertEquals(stream, connection.await(Http2Backend.RST_STREAM).stream());
            reset.countDown();
            connection.headers(connection.request().stream(), true, ":status", "204");
            closes(connection);
        })) {
            String id = publish(backend);
            rig.get(id, "/").awaitBody("half").cancel();
            ServeTest.awaitLatch(reset);
            assertEquals(204, rig.get(id, "/").awaitEnd().status());
            assertEquals(1, backend.connections());
        }
    }

    /// As IIS asks for it where a login belongs to the connection.
    @Test
    void requestThatNeedsHttp1GoesThere() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            connection.reset(connection.request().stream(), HTTP_1_1_REQUIRED);
            closes(connection);
        })) {
            String id = publish(backend);
            assertEquals("one", rig.get(id, "/").awaitEnd().body());
            assertEquals("one", rig.get(id, "/").awaitEnd().body());
            assertEquals(1, backend.connectionsInHttp1());
            assertEquals(2, backend.connections(), "HTTP/2 is not tried again");
        }
    }

    @Test
    void webSocketHasAConnectionInHttp1() throws Exception {
        try (var backend = new Http2Backend(RIGHT, Http2BackendTest::echo, (connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), "") + "early");
            connection.readHead();
        })) {
            String id = publish(backend);
            assertEquals("/", rig.get(id, "/").awaitEnd().body());
            TestStream socket = rig.open(WebSocketTest.connect(id), false).awaitBody("early");
            assertEquals(200, socket.status());
            socket.data("\r\n\r\n", true);
            assertEquals("/", rig.get(id, "/").awaitEnd().body());
            assertEquals(1, backend.connectionsInHttp1());
            assertEquals(2, backend.connections());
        }
    }

    @Test
    void backendWithoutHttp2IsSpokenToAsEver() throws Exception {
        try (var backend = new Http2Backend(RIGHT, (connection, number) -> {}, (connection, number) -> {
            while (true) {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
            }
        })) {
            var plain = new BackendSettings(
                    "p" + backend.port(),
                    "https",
                    "localhost",
                    backend.port(),
                    BackendTlsSettings.of(true),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1));
            rig.publish(plain);
            assertEquals("one", rig.get(plain.id(), "/").awaitEnd().body());
            assertEquals("one", rig.get(plain.id(), "/").awaitEnd().body());
            assertEquals(1, backend.connectionsInHttp1());
            assertEquals(1, backend.connections());
        }
    }

    @Test
    void probeOpensAConnectionOfItsOwn() throws Exception {
        try (var backend = backend(Http2BackendTest::echo)) {
            String id = publish(backend);
            rig.get(id, "/").awaitEnd();
            TestStream probe = rig.open(request("GET", id, "/probe").set("postern-probe", "5000"), true)
                    .awaitEnd();
            assertEquals("/probe", probe.body());
            assertEquals(2, backend.connections());
            assertTrue(probe.head().get("postern-timing").toString().startsWith("connect="));
        }
    }

    /// The application's own limit to the first byte, here of a fifth of a second.
    @Test
    void firstByteLimitIsTheApplicationsOwn() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            connection.request();
            assertEquals(8, connection.await(Http2Backend.RST_STREAM).code(), "CANCEL");
            connection.headers(connection.request().stream(), true, ":status", "204");
            closes(connection);
        })) {
            String id = rig.publish(http2(backend.port(), Duration.ofMillis(200)));
            assertEquals("first-byte-timeout", rig.get(id, "/").awaitEnd().failure());
            assertEquals(204, rig.get(id, "/").awaitEnd().status());
            assertEquals(1, backend.connections());
        }
    }

    @Test
    void fieldsOf64KiBPassBothWays() throws Exception {
        String large = "v".repeat(64 * 1024 - 100);
        try (var backend = backend((connection, number) -> {
            connection.settings();
            Http2Backend.Request asked = connection.request();
            assertEquals(large, asked.head().get("x-large").toString());
            connection.headers(asked.stream(), true, ":status", "204", "x-large", large);
            closes(connection);
        })) {
            TestStream answer = rig.open(request("GET", publish(backend), "/").set("x-large", large), true)
                    .awaitEnd();
            assertEquals(204, answer.status());
            assertEquals(large, answer.head().get("x-large").toString());
        }
    }
}
