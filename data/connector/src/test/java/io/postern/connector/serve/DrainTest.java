package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A connector that is told to stop (docs/protocol/tunnel.md §5): what runs ends, what never ends is told.
@Timeout(30)
class DrainTest {
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final String CLOSE_1012 = "\u0088\u0002\u0003\u00f4";
    /// With a mask of zeros, as a client may choose it.
    private static final String CLIENTS_CLOSE = "\u0088\u0082\0\0\0\0\u0003\u00f4";

    private TunnelRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = TunnelRig.open();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private TestStream socket(ScriptedBackend backend) throws Exception {
        return rig.open(WebSocketTest.connect(rig.publish(backend.port())), false);
    }

    /// The beginning of an answer that goes on.
    private static String chunked(String type, String piece) {
        return ServeTest.crlf("""
                HTTP/1.1 200 OK
                Content-Type: %s
                Transfer-Encoding: chunked

                %s
                """.formatted(type, Integer.toHexString(piece.length()))) + piece + "\r\n";
    }

    @Test
    void saysCloseToTheClientAndPassesItsAnswerOn() throws Exception {
        var heard = new CompletableFuture<String>();
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), "") + "\u0081\u0002hi");
            heard.complete(connection.read(CLIENTS_CLOSE.length()));
        })) {
            TestStream socket = socket(backend).awaitBody("hi");

            CompletableFuture<Void> stopped = rig.connector().stop(Duration.ZERO);
            socket.awaitBody(CLOSE_1012);
            socket.data(CLIENTS_CLOSE, false);

            assertEquals(CLIENTS_CLOSE, heard.get(5, TimeUnit.SECONDS));
            assertTrue(socket.awaitEnd().isComplete());
            assertEquals("\u0081\u0002hi" + CLOSE_1012, socket.body());
            stopped.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void endsAWebSocketWhoseClientDoesNotAnswer() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), ""));
            connection.read(1);
        })) {
            TestStream socket = socket(backend).awaitHead();

            rig.connector().stop(Duration.ZERO);

            assertTrue(socket.awaitEnd().isComplete());
            assertEquals(CLOSE_1012, socket.body());
        }
    }

    @Test
    void letsAFrameThatHasBegunPassBeforeItSaysClose() throws Exception {
        var leaving = new CountDownLatch(1);
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), "") + "\u0081\u0006one");
            ServeTest.awaitLatch(leaving);
            connection.send("two\u0081\u0005three");
            connection.read(1);
        })) {
            TestStream socket = socket(backend).awaitBody("one");

            rig.connector().stop(Duration.ZERO);
            rig.tunnels().forEach(tunnel -> assertTrue(tunnel.openStreams() > 0));
            TunnelRig.await(() -> rig.tunnels().stream().noneMatch(tunnel -> tunnel.isOpen()));
            leaving.countDown();

            assertTrue(socket.awaitEnd().isComplete());
            assertEquals("\u0081\u0006onetwo" + CLOSE_1012, socket.body());
        }
    }

    @Test
    void addsNothingAfterTheBackendsOwnClose() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), "") + "\u0088\u0002\u0003\u00e8");
            connection.read(1);
        })) {
            TestStream socket = socket(backend).awaitBody("\u00e8");

            rig.connector().stop(Duration.ZERO);

            assertTrue(socket.awaitEnd().isComplete());
            assertEquals("\u0088\u0002\u0003\u00e8", socket.body());
        }
    }

    @Test
    void endsAStreamOfEventsProperly() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send(chunked("Text/Event-Stream; charset=utf-8", "data: 1\n\n"));
            connection.read(1);
        })) {
            TestStream events = rig.get(rig.publish(backend.port()), "/events").awaitBody("data: 1\n\n");

            rig.connector().stop(Duration.ZERO);

            assertTrue(events.awaitEnd().isComplete());
            assertEquals("data: 1\n\n", events.body());
        }
    }

    /// A page or a download that stops in the middle must not look whole.
    @Test
    void cutsAnyOtherBodyOfUnknownLength() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send(chunked("text/csv", "a;b\n"));
            connection.read(1);
        })) {
            TestStream table = rig.get(rig.publish(backend.port()), "/table").awaitBody("a;b");

            rig.connector().stop(Duration.ZERO);

            assertFalse(table.awaitEnd().isComplete());
        }
    }

    @Test
    void waitsForARunningUploadAndItsAnswer() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n" + connection.read(8));
        })) {
            var head = TunnelRig.request("POST", rig.publish(backend.port()), "/upload")
                    .set("content-length", "8");
            TestStream upload = rig.open(head, false);
            upload.data("half", false);

            CompletableFuture<Void> stopped = rig.connector().stop(LONG);
            TunnelRig.await(() -> rig.tunnels().stream().noneMatch(tunnel -> tunnel.isOpen()));
            assertFalse(stopped.isDone());
            upload.data("more", true);

            assertEquals("halfmore", upload.awaitEnd().body());
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    /// All of the answer has left the connector, and lies at the gateway: the tunnel must stay until it was read.
    @Test
    void aSlowReaderStillGetsTheEndOfItsAnswer() throws Exception {
        byte[] body = new byte[200_000]; // less than the window of a stream
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
            connection.socket().getOutputStream().write(body);
        })) {
            var slow = new TestStream();
            slow.pause();
            rig.open(slow, TunnelRig.request("GET", rig.publish(backend.port()), "/large"));
            TunnelRig.await(() -> rig.metric("connector_open_streams") == 0);

            CompletableFuture<Void> stopped = rig.connector().stop(LONG);
            TunnelRig.await(() -> rig.tunnels().stream().noneMatch(tunnel -> tunnel.isOpen()));
            slow.resume();

            assertTrue(slow.awaitEnd().isComplete());
            assertEquals(body.length, slow.bodyBytes());
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aWebSocketMayGoOnUntilTheGraceIsOver() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), ""));
            connection.send("\u0082\u0004" + connection.read(4));
            connection.read(1);
        })) {
            TestStream socket = socket(backend).awaitHead();

            rig.connector().stop(LONG);
            TunnelRig.await(() -> rig.tunnels().stream().noneMatch(tunnel -> tunnel.isOpen()));
            socket.data(Unpooled.copiedBuffer(new byte[] {1, 2, 3, 4}), false);

            assertEquals("\u0082\u0004\1\2\3\4", socket.awaitBody("\4\1\2\3\4").body());
            socket.cancel();
        }
    }
}
