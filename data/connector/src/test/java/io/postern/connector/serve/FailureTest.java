package io.postern.connector.serve;

import static io.postern.connector.serve.TunnelRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.Http2Error;
import io.postern.net.dial.ProxyChoice;
import io.postern.tunnel.BackendSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each reason of tunnel.md §4, and what a cut or forged answer becomes.
class FailureTest {
    private static TunnelRig rig;

    @BeforeAll
    static void openRig() throws Exception {
        rig = TunnelRig.open(new ServeSettings(
                AllowList.absent(), ProxyChoice.none(), Duration.ofMillis(700), Duration.ofSeconds(15), 64, 64, 64));
    }

    @AfterAll
    static void closeRig() {
        rig.close();
    }

    @Test
    void unknownBackend() throws Exception {
        TestStream answer = rig.get("no-such-id", "/").awaitEnd();
        assertEquals(421, answer.status());
        assertEquals("unknown-backend", answer.failure());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "0.0.0.0",
                "::",
                "fe80::1",
                "fd00:ec2::254",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "224.0.0.1",
                "255.255.255.255",
                "100.100.100.200"
            })
    void guardedAddress(String host) throws Exception {
        String id = rig.publish(TunnelRig.http("guarded-" + host, host, 80));
        TestStream answer = rig.get(id, "/").awaitEnd();
        assertEquals(403, answer.status());
        assertEquals("not-permitted", answer.failure());
    }

    @Test
    void nameThatDoesNotResolve() throws Exception {
        TestStream answer = rig.get(rig.publish(TunnelRig.http("n", "no-such-host.invalid", 80)), "/")
                .awaitEnd();
        assertEquals(502, answer.status());
        assertEquals("resolve", answer.failure());
    }

    @Test
    void nothingListens() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        TestStream answer = rig.get(rig.publish(port), "/").awaitEnd();
        assertEquals(502, answer.status());
        assertEquals("connect", answer.failure());
        assertTrue(answer.isComplete());
        assertEquals("", answer.body());
    }

    @Test
    void handshakeThatNeverEnds() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            TestStream answer = rig.get(rig.publish(https("silent", silent.getLocalPort(), true)), "/")
                    .awaitEnd();
            assertEquals(504, answer.status());
            assertEquals("connect-timeout", answer.failure());
        }
    }

    @Test
    void backendThatSpeaksNoTls() throws Exception {
        try (var backend =
                new ScriptedBackend((connection, number) -> connection.send("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            TestStream answer = rig.get(rig.publish(https("plain", backend.port(), true)), "/")
                    .awaitEnd();
            assertEquals("tls", answer.failure());
        }
    }

    @Test
    void noFirstByteInTime() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.readHead(); // waits
        })) {
            var slow = new BackendSettings(
                    "slow", "http", "127.0.0.1", backend.port(), true, Duration.ofMillis(300), Duration.ofMinutes(1));
            TestStream answer = rig.get(rig.publish(slow), "/").awaitEnd();
            assertEquals(504, answer.status());
            assertEquals("first-byte-timeout", answer.failure());
        }
    }

    /// A client that takes its time with the body is not the backend's fault.
    @Test
    void slowUploadIsNoTimeout() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.read(2);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        })) {
            var quick = new BackendSettings(
                    "quick", "http", "127.0.0.1", backend.port(), true, Duration.ofMillis(150), Duration.ofMinutes(1));
            TestStream upload = rig.open(request("PUT", rig.publish(quick), "/").set("content-length", "2"), false);
            upload.data("a", false);
            Thread.sleep(500); // the passing of time is the subject here
            upload.data("b", true);
            assertEquals(200, upload.awaitEnd().status());
        }
    }

    @Test
    void connectionThatEndsBeforeTheAnswer() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> connection.readHead())) {
            TestStream answer = rig.get(rig.publish(backend.port()), "/").awaitEnd();
            assertEquals(502, answer.status());
            assertEquals("backend-closed", answer.failure());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9\r\n\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 20x OK\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: empty\r\n\r\n",
                "HTTP/1.1 200 OK\r\n:status: 204\r\n\r\n"
            })
    void answerThatIsNotHttp(String bytes) throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send(bytes);
            connection.readHead();
        })) {
            TestStream answer = rig.get(rig.publish(backend.port()), "/").awaitEnd();
            assertEquals("backend-protocol", answer.failure());
            assertEquals(502, answer.status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"
            })
    void cutAnswerIsNeverComplete(String bytes) throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send(bytes);
        })) {
            TestStream answer = rig.get(rig.publish(backend.port()), "/").awaitEnd();
            assertEquals(200, answer.status());
            assertFalse(answer.isComplete());
            assertEquals(Http2Error.INTERNAL_ERROR.code(), answer.resetCode());
        }
    }

    @Test
    void answerThatTheConnectionsEndEnds() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.0 200 OK\r\n\r\nall of it");
        })) {
            TestStream answer = rig.get(rig.publish(backend.port()), "/").awaitEnd();
            assertEquals("all of it", answer.body());
            assertTrue(answer.isComplete());
        }
    }

    /// Response smuggling: what comes after the answer must not become the next client's answer.
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "x", "\r\nHT"})
    void bytesAfterTheAnswerCloseTheConnection(String extra) throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood" + extra);
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
        })) {
            String id = rig.publish(backend.port());
            for (int i = 0; i < 3; i++) {
                assertEquals("good", rig.get(id, "/").awaitEnd().body());
            }
            assertEquals(3, backend.connections());
        }
    }

    @Test
    void unaskedBytesOnAKeptConnectionCloseIt() throws Exception {
        var send = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
            if (number == 1) {
                ServeTest.awaitLatch(send);
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                if (ended(connection.socket())) {
                    gone.countDown();
                }
            }
        })) {
            String id = rig.publish(backend.port());
            assertEquals("good", rig.get(id, "/").awaitEnd().body());
            send.countDown();
            ServeTest.awaitLatch(gone);
            assertEquals("good", rig.get(id, "/").awaitEnd().body());
        }
    }

    @Test
    void headLargerThanTheLimit() throws Exception {
        try (var backend = ScriptedBackend.answering(
                "HTTP/1.1 200 OK\r\nX-Big: " + "x".repeat(100 * 1024) + "\r\nContent-Length: 0\r\n\r\n")) {
            assertEquals(
                    "backend-protocol",
                    rig.get(rig.publish(backend.port()), "/").awaitEnd().failure());
        }
    }

    /// A hostile gateway must not desynchronise a backend's connection.
    @Test
    void requestThatCannotBeOneIsReset() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            while (true) {
                if (connection.readHead().startsWith("PUT")) {
                    connection.read(5); // an answer before the body's end would race with the fault
                }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            String id = rig.publish(backend.port());
            for (String path : List.of("/a b", "x", "/a\u0001")) {
                assertEquals(
                        Http2Error.PROTOCOL_ERROR.code(),
                        rig.get(id, path).awaitEnd().resetCode());
            }
            TestStream shorter = rig.open(request("PUT", id, "/").set("content-length", "5"), false);
            shorter.data("abc", true);
            assertTrue(shorter.awaitEnd().resetCode() > 0);
            assertEquals(200, rig.get(id, "/").awaitEnd().status());
        }
    }

    static BackendSettings https(String id, int port, boolean validate) {
        return new BackendSettings(
                id, "https", "127.0.0.1", port, validate, Duration.ofSeconds(10), Duration.ofMinutes(1));
    }

    private static boolean ended(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return true;
        }
    }
}
