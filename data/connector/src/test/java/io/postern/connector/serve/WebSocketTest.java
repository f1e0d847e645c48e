package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelProtocol;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// WebSockets: extended CONNECT on the stream, HTTP/1.1 Upgrade at the backend (RFC 8441, RFC 6455 §4).
class WebSocketTest {
    private static TunnelRig rig;

    @BeforeAll
    static void openRig() throws Exception {
        rig = TunnelRig.open();
    }

    @AfterAll
    static void closeRig() {
        rig.close();
    }

    @Test
    void carriesBytesBothWaysAndKeepsTheCookie() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            // the first bytes come together with the answer's head
            connection.send(ScriptedBackend.accepted(
                            connection.readHead(), "Set-Cookie: ws=1\r\nSec-WebSocket-Protocol: chat\r\n")
                    + "early");
            connection.send(connection.read(5));
            connection.socket().shutdownOutput();
            assertEquals("last", connection.read(4));
        })) {
            TestStream socket =
                    rig.open(connect(rig.publish(backend.port())), false).awaitBody("early");
            assertEquals(200, socket.status());
            assertEquals("ws=1", socket.head().get("set-cookie").toString());
            assertEquals("chat", socket.head().get("sec-websocket-protocol").toString());
            assertNull(socket.head().get("sec-websocket-accept"));
            socket.data("hello", false);
            socket.awaitBody("hello").awaitEnd(); // the backend ended its half; ours is still open
            assertTrue(socket.isComplete());
            socket.data("last", true);
            String head = backend.requests().getFirst();
            assertTrue(head.startsWith("GET /socket HTTP/1.1\r\n"), head);
            assertTrue(head.contains("sec-websocket-key: "), head);
            TunnelRig.await(() -> rig.metric("connector_open_websockets") == 0);
        }
    }

    @Test
    void passesARefusalWithItsBody() throws Exception {
        try (var backend =
                ScriptedBackend.answering("HTTP/1.1 403 Forbidden\r\nX-Why: origin\r\nContent-Length: 2\r\n\r\nno")) {
            TestStream socket =
                    rig.open(connect(rig.publish(backend.port())), false).awaitEnd();
            assertEquals(403, socket.status());
            assertEquals("no", socket.body());
            assertEquals("origin", socket.head().get("x-why").toString());
            assertEquals("", socket.failure());
        }
    }

    @Test
    void refusesAForgedAccept() throws Exception {
        try (var backend = ScriptedBackend.answering(ServeTest.crlf("""
                HTTP/1.1 101 Switching Protocols
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

                """))) {
            TestStream socket =
                    rig.open(connect(rig.publish(backend.port())), false).awaitEnd();
            assertEquals("backend-protocol", socket.failure());
        }
    }

    @Test
    void countsAsAWebSocketAndNotAsAStreamToo() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), ""));
            connection.socket().getInputStream().read();
        })) {
            TestStream socket =
                    rig.open(connect(rig.publish(backend.port())), false).awaitHead();
            assertEquals(1, rig.metric("connector_open_websockets"));
            assertEquals(0, rig.metric("connector_open_streams"));

            socket.cancel();

            TunnelRig.await(() -> rig.metric("connector_open_websockets") == 0);
            assertEquals(0, rig.metric("connector_open_streams"));
        }
    }

    @Test
    void endsAfterTheIdleLimit() throws Exception {
        var ended = new CountDownLatch(1);
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), ""));
            if (connection.socket().getInputStream().read() < 0) {
                ended.countDown();
            }
        })) {
            String id = rig.publish(new BackendSettings(
                    "idle", "http", "127.0.0.1", backend.port(), true, Duration.ofSeconds(5), Duration.ofMillis(200)));
            TestStream socket = rig.open(connect(id), false).awaitEnd();
            assertEquals(200, socket.status());
            ServeTest.awaitLatch(ended);
        }
    }

    @Test
    void cancelClosesTheBackend() throws Exception {
        var ended = new CountDownLatch(1);
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), ""));
            if (connection.socket().getInputStream().read() < 0) {
                ended.countDown();
            }
        })) {
            TestStream socket =
                    rig.open(connect(rig.publish(backend.port())), false).awaitHead();
            socket.cancel();
            ServeTest.awaitLatch(ended);
        }
    }

    static Http2Headers connect(String backend) {
        return new DefaultHttp2Headers(false)
                .method("CONNECT")
                .set(":protocol", "websocket")
                .scheme("http")
                .authority("wiki.corp")
                .path("/socket")
                .set("sec-websocket-version", "13")
                .set(TunnelProtocol.BACKEND, backend);
    }
}
