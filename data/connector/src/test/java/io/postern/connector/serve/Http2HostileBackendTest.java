package io.postern.connector.serve;

import static io.postern.connector.serve.Http2Backend.CONTINUATION;
import static io.postern.connector.serve.Http2Backend.DATA;
import static io.postern.connector.serve.Http2Backend.END_STREAM;
import static io.postern.connector.serve.Http2Backend.HEADERS;
import static io.postern.connector.serve.Http2Backend.PING;
import static io.postern.connector.serve.Http2Backend.RST_STREAM;
import static io.postern.connector.serve.Http2Backend.SETTINGS;
import static io.postern.connector.serve.TunnelRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.util.internal.PlatformDependent;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A backend in HTTP/2 that costs more than it should (security case "HTTP/2 floods by a backend"): its own exchange
/// fails within its limit, those with other backends do not notice. RFC 9113 §10.5.
class Http2HostileBackendTest {
    private static final TestCertificates INNER = TestCertificates.authority("inner");
    private static final TestCertificates.Issued RIGHT = INNER.server("localhost");

    /// Far below what is poured.
    private static final long HELD_MAX = 48L * 1024 * 1024;

    private static TunnelRig rig;
    private static Http2Backend honest;
    private static String honestId;

    @BeforeAll
    static void openRig() throws Exception {
        rig = Http2BackendTest.rig(INNER);
        honest = new Http2Backend(RIGHT, Http2BackendTest::echo, (connection, number) -> {});
        honestId = rig.publish(Http2BackendTest.http2(honest.port(), Duration.ofSeconds(10)));
    }

    @AfterEach
    void othersAreServed() throws Exception {
        assertEquals("/others", rig.get(honestId, "/others").awaitEnd().body());
        TunnelRig.await(() -> rig.metric("connector_open_streams") == 0);
    }

    @AfterAll
    static void closeRig() throws Exception {
        rig.close();
        honest.close();
    }

    private static String publish(Http2Backend backend) throws InterruptedException {
        return rig.publish(Http2BackendTest.http2(backend.port(), Duration.ofSeconds(2)));
    }

    private static Http2Backend backend(Http2Backend.Script script) throws Exception {
        return new Http2Backend(RIGHT, script, (connection, number) -> {});
    }

    /// What is poured instead of an answer.
    enum Flood {
        SETTINGS_FRAMES,
        PINGS,
        RESETS_OF_A_CLOSED_STREAM,
        INFORMATIONAL,
        EMPTY_DATA,
        EMPTY_CONTINUATIONS,
        FULL_CONTINUATIONS;

        void pour(Http2Backend.Connection to, int stream) throws IOException {
            byte[] filling = to.block("x-fill", "x".repeat(16_000));
            switch (this) {
                case RESETS_OF_A_CLOSED_STREAM -> to.reset(stream, 2);
                case EMPTY_DATA -> to.headers(stream, false, ":status", "200");
                case EMPTY_CONTINUATIONS, FULL_CONTINUATIONS ->
                    to.frame(HEADERS, 0, stream, to.block(":status", "200"));
                default -> {}
            }
            for (int i = 0; i < 20_000; i++) {
                switch (this) {
                    case SETTINGS_FRAMES -> to.frame(SETTINGS, 0, 0);
                    case PINGS -> to.frame(PING, 0, 0, new byte[8]);
                    case RESETS_OF_A_CLOSED_STREAM -> to.frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
                    case INFORMATIONAL -> to.headers(stream, false, ":status", "103", "link", "</a>");
                    case EMPTY_DATA -> to.frame(DATA, 0, stream);
                    case EMPTY_CONTINUATIONS -> to.frame(CONTINUATION, 0, stream);
                    case FULL_CONTINUATIONS -> to.frame(CONTINUATION, 0, stream, filling);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Flood.class)
    void floodEndsWithItsConnection(Flood flood) throws Exception {
        long before = PlatformDependent.usedDirectMemory();
        try (var backend = backend((connection, number) -> {
            connection.settings();
            int stream = connection.request().stream();
            flood.pour(connection, stream);
            Http2BackendTest.closes(connection);
        })) {
            TestStream answer = rig.get(publish(backend), "/").awaitEnd();
            assertFalse(answer.isComplete() && answer.failure().isEmpty(), flood::toString);
            long held = PlatformDependent.usedDirectMemory() - before;
            assertTrue(held < HELD_MAX, held + " bytes");
        }
    }

    @Test
    void headBeyondTheLimitIsRefused() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            String large = "v".repeat(50_000);
            connection.headers(
                    connection.request().stream(), true, ":status", "200", "x-a", large, "x-b", large, "x-c", large);
            Http2BackendTest.closes(connection);
        })) {
            assertEquals(
                    "backend-protocol",
                    rig.get(publish(backend), "/").awaitEnd().failure());
        }
    }

    /// It takes the head and opens no window for the body, ever.
    @Test
    void windowThatNeverOpensIsTheBackendsSilence() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings(4, 0); // INITIAL_WINDOW_SIZE
            connection.request();
            Http2BackendTest.closes(connection);
        })) {
            TestStream upload = rig.open(request("POST", publish(backend), "/"), false);
            upload.data(Unpooled.wrappedBuffer(new byte[64 * 1024]), true);
            assertEquals("first-byte-timeout", upload.awaitEnd().failure());
        }
    }

    @Test
    void noStreamAllowedIsBusy() throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings(3, 0); // MAX_CONCURRENT_STREAMS
            Http2BackendTest.closes(connection);
        })) {
            assertEquals("busy", rig.get(publish(backend), "/").awaitEnd().failure());
            assertEquals(1, backend.connections());
        }
    }

    /// TLS, and then nothing: within the limit for connecting.
    @Test
    void silenceAfterTheHandshakeIsNotWaitedForLong() throws Exception {
        try (var backend = backend(
                (connection, number) -> connection.socket().getInputStream().readAllBytes())) {
            TestStream answer = rig.get(publish(backend), "/").awaitEnd();
            assertEquals("backend-protocol", answer.failure());
            assertTrue(answer.reason().contains("no SETTINGS"), answer.reason());
        }
    }

    /// Answers that HTTP/2 does not know.
    enum Malformed {
        SWITCHING_PROTOCOLS,
        NO_STATUS,
        STATUS_OF_TWO_DIGITS,
        UPPER_CASE_NAME,
        LINE_BREAK_IN_A_VALUE,
        CONNECTION_FIELD,
        ENDED_BY_INFORMATIONAL,
        SHORTER_THAN_IT_SAYS,
        LONGER_THAN_IT_SAYS,
        NO_BODY_AT_ALL,
        BODY_WITHOUT_A_HEAD;

        void send(Http2Backend.Connection to, int stream) throws IOException {
            switch (this) {
                case SWITCHING_PROTOCOLS -> to.headers(stream, false, ":status", "101");
                case NO_STATUS -> to.headers(stream, true, "x-a", "1");
                case STATUS_OF_TWO_DIGITS -> to.headers(stream, true, ":status", "20");
                case UPPER_CASE_NAME -> to.headers(stream, true, ":status", "200", "X-A", "1");
                case LINE_BREAK_IN_A_VALUE -> to.headers(stream, true, ":status", "200", "x-a", "1\r\nx-b: 2");
                case CONNECTION_FIELD -> to.headers(stream, true, ":status", "200", "connection", "close");
                case ENDED_BY_INFORMATIONAL -> to.headers(stream, true, ":status", "103");
                case SHORTER_THAN_IT_SAYS ->
                    to.headers(stream, false, ":status", "200", "content-length", "5")
                            .data(stream, true, "abc");
                case LONGER_THAN_IT_SAYS ->
                    to.headers(stream, false, ":status", "200", "content-length", "2")
                            .data(stream, true, "abc");
                case NO_BODY_AT_ALL -> to.headers(stream, true, ":status", "200", "content-length", "5");
                case BODY_WITHOUT_A_HEAD -> to.data(stream, true, "abc");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Malformed.class)
    void answerThatIsNoneIsNeverComplete(Malformed fault) throws Exception {
        try (var backend = backend((connection, number) -> {
            connection.settings();
            while (true) {
                fault.send(connection, connection.request().stream());
            }
        })) {
            TestStream answer = rig.get(publish(backend), "/").awaitEnd();
            assertTrue(!answer.isComplete() || answer.failure().equals("backend-protocol"), answer::failure);
            assertNotEquals(-1, answer.heads().size() + answer.resetCode());
        }
    }

    /// 100 MB for a reader that has stopped: the backend is stopped by its window, and goes on with the reader.
    @Test
    void answerForAStalledReaderStaysWithTheBackend() throws Exception {
        int chunk = 16 * 1024;
        int chunks = 6_400;
        var sent = new AtomicLong();
        try (var backend = backend((connection, number) -> {
            connection.settings();
            int stream = connection.request().stream();
            connection.headers(stream, false, ":status", "200");
            long window = 256 * 1024; // the connector's SETTINGS came before the request
            byte[] bytes = new byte[chunk];
            for (int i = 0; i < chunks; i++) {
                while (window < chunk) {
                    Http2Backend.Frame frame = connection.await(Http2Backend.WINDOW_UPDATE);
                    window += frame.stream() == stream ? frame.code() : 0;
                }
                window -= chunk;
                sent.addAndGet(chunk);
                connection.frame(DATA, i == chunks - 1 ? END_STREAM : 0, stream, bytes);
            }
            Http2BackendTest.closes(connection);
        })) {
            String id = publish(backend);
            long before = PlatformDependent.usedDirectMemory();
            TestStream download = new TestStream().discarding();
            download.pause();
            rig.open(download, request("GET", id, "/"));
            FlowTest.awaitStill(sent);
            assertTrue(sent.get() < HELD_MAX, "sent " + sent.get());
            assertTrue(PlatformDependent.usedDirectMemory() - before < HELD_MAX);
            download.resume();
            download.awaitEnd();
            assertEquals((long) chunk * chunks, download.bodyBytes());
        }
    }

    /// 100 MB for a backend that opens its window no further: the client is stopped.
    @Test
    void uploadForAStalledBackendStaysWithTheClient() throws Exception {
        var go = new CountDownLatch(1);
        int chunk = 64 * 1024;
        int chunks = 1_600;
        var written = new AtomicLong();
        var received = new AtomicLong();
        try (var backend = backend((connection, number) -> {
            connection.settings();
            int stream = connection.request().stream();
            ServeTest.awaitLatch(go);
            connection.frame(Http2Backend.WINDOW_UPDATE, 0, 0, new byte[] {0x3f, -1, 0, 0});
            connection.frame(Http2Backend.WINDOW_UPDATE, 0, stream, new byte[] {0x3f, -1, 0, 0});
            Http2Backend.Frame frame = connection.await(DATA);
            while (!frame.ends()) {
                received.addAndGet(frame.payload().length());
                frame = connection.await(DATA);
            }
            received.addAndGet(frame.payload().length());
            connection.headers(stream, true, ":status", "204");
            Http2BackendTest.closes(connection);
        })) {
            String id = rig.publish(Http2BackendTest.http2(backend.port(), Duration.ofSeconds(60)));
            TestStream upload = rig.open(request("PUT", id, "/"), false);
            Thread client = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < chunks; i++) {
                    upload.data(Unpooled.wrappedBuffer(new byte[chunk]), i == chunks - 1)
                            .join();
                    written.addAndGet(chunk);
                }
            });
            FlowTest.awaitStill(written);
            assertTrue(written.get() < HELD_MAX, "written " + written.get());
            go.countDown();
            assertEquals(204, upload.awaitEnd().status());
            assertEquals((long) chunk * chunks, received.get());
            client.join();
        }
    }
}
