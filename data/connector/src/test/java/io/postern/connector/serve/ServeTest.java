package io.postern.connector.serve;

import static io.postern.connector.serve.TunnelRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Exchanges through a real tunnel with a scripted backend (tunnel.md §4).
class ServeTest {
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
    void passesRequestAndAnswerAndKeepsTheConnection() throws Exception {
        try (var backend = ScriptedBackend.answering(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Inner: a\r\nX-Inner: b\r\nSet-Cookie: s=1\r\n\r\nhello")) {
            String id = rig.publish(backend.port());
            for (int i = 0; i < 5; i++) {
                TestStream answer = rig.get(id, "/a/b%20c?q=1&r=%2F").awaitEnd();
                assertEquals(200, answer.status());
                assertEquals("hello", answer.body());
                assertEquals("s=1", answer.head().get("set-cookie").toString());
                assertEquals(2, answer.head().getAll("x-inner").size());
                assertTrue(answer.head().get("postern-timing").toString().contains("first-byte="));
            }
            assertEquals(1, backend.connections());
            String head = backend.requests().getFirst();
            assertTrue(head.startsWith("GET /a/b%20c?q=1&r=%2F HTTP/1.1\r\n"), head);
            assertTrue(head.contains("host: wiki.corp\r\n"), head);
            assertFalse(head.contains("postern-"), head);
        }
    }

    @Test
    void saysWhetherAConnectionWasMade() throws Exception {
        try (var backend = ScriptedBackend.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
            String id = rig.publish(backend.port());
            assertTrue(rig.get(id, "/")
                    .awaitEnd()
                    .head()
                    .get("postern-timing")
                    .toString()
                    .startsWith("connect="));
            assertTrue(rig.get(id, "/")
                    .awaitEnd()
                    .head()
                    .get("postern-timing")
                    .toString()
                    .startsWith("first-byte="));
        }
    }

    @Test
    void removesFieldsOfTheConnectionAndOurOwn() throws Exception {
        try (var backend = ScriptedBackend.answering(crlf("""
                HTTP/1.1 200 OK
                Content-Length: 0
                Connection: X-Hop
                X-Hop: 1
                Keep-Alive: timeout=5
                Postern-Failure: connect
                postern_timing: 1
                X-Stays: 1

                """))) {
            String id = rig.publish(backend.port());
            Http2Headers head = rig.get(id, "/").awaitEnd().head();
            assertNull(head.get("x-hop"));
            assertNull(head.get("keep-alive"));
            assertNull(head.get("postern-failure"));
            assertNull(head.get("postern_timing"));
            assertEquals("1", head.get("x-stays").toString());
        }
    }

    @Test
    void keepsLengthOfHeadAndNotModifiedWithoutABody() throws Exception {
        try (var backend = ScriptedBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n")) {
            String id = rig.publish(backend.port());
            for (int i = 0; i < 2; i++) {
                TestStream answer = rig.open(request("HEAD", id, "/"), true).awaitEnd();
                assertEquals("12345", answer.head().get("content-length").toString());
                assertEquals(0, answer.bodyBytes());
            }
            assertEquals(1, backend.connections());
        }
        try (var backend =
                ScriptedBackend.answering("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nETag: \"x\"\r\n\r\n")) {
            TestStream answer = rig.get(rig.publish(backend.port()), "/").awaitEnd();
            assertEquals(304, answer.status());
            assertTrue(answer.isComplete());
        }
    }

    @Test
    void flushesEachChunkAndPassesTrailers() throws Exception {
        var go = new java.util.concurrent.CountDownLatch(1);
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            connection.send("6\r\ndata:1\r\n");
            awaitLatch(go);
            connection.send("6\r\ndata:2\r\n0\r\nX-Sum: 42\r\nContent-Length: 7\r\nPostern-X: 1\r\n\r\n");
        })) {
            TestStream answer = rig.get(rig.publish(backend.port()), "/").awaitBody("data:1");
            assertFalse(answer.isComplete());
            go.countDown();
            answer.awaitEnd();
            assertEquals("data:1data:2", answer.body());
            assertEquals("42", answer.trailers().orElseThrow().get("x-sum").toString());
            assertEquals(1, answer.trailers().orElseThrow().size());
        }
    }

    @Test
    void passesInformationalAnswers() throws Exception {
        try (var backend = ScriptedBackend.answering("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\nLink: </b.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            TestStream answer = rig.get(rig.publish(backend.port()), "/").awaitEnd();
            assertEquals(3, answer.heads().size());
            assertEquals("103", answer.heads().getFirst().status().toString());
            assertEquals("ok", answer.body());
        }
    }

    @Test
    void sendsKnownLengthAsLengthAndUnknownAsChunks() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            while (true) {
                String head = connection.readHead();
                if (head.contains("chunked")) {
                    assertEquals("3\r\nabc\r\n0\r\nx-end: 1\r\n\r\n", connection.read(23));
                } else {
                    assertEquals("abcdef", connection.read(6));
                }
                connection.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            String id = rig.publish(backend.port());
            TestStream known = rig.open(request("PUT", id, "/").set("content-length", "6"), false);
            known.data("abc", false);
            known.data("def", true);
            assertEquals(201, known.awaitEnd().status());
            TestStream chunked = rig.open(request("POST", id, "/"), false);
            chunked.data("abc", false);
            chunked.trailers(new DefaultHttp2Headers(false).set("x-end", "1").set("content-length", "9"));
            assertEquals(201, chunked.awaitEnd().status());
            assertEquals(1, backend.connections());
            assertFalse(backend.requests().get(0).contains("chunked"));
            assertFalse(backend.requests().get(1).contains("content-length"));
        }
    }

    @Test
    void givesABodylessPostALength() throws Exception {
        try (var backend = ScriptedBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            String id = rig.publish(backend.port());
            rig.open(request("POST", id, "/"), true).awaitEnd();
            rig.open(request("PROPFIND", id, "/"), true).awaitEnd();
            assertTrue(
                    backend.requests().get(0).contains("content-length: 0\r\n"),
                    backend.requests().get(0));
            assertFalse(backend.requests().get(1).contains("content-length"));
        }
    }

    @Test
    void joinsCookieCrumbsAndKeepsBytesOfTheTarget() throws Exception {
        try (var backend = ScriptedBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            String id = rig.publish(backend.port());
            Http2Headers head = request("GET", id, "/").add("cookie", "a=1").add("cookie", "b=2");
            head.path(new AsciiString(new byte[] {'/', (byte) 0xc3, (byte) 0xa9, '|', '"'}));
            rig.open(head, true).awaitEnd();
            String sent = backend.requests().getFirst();
            assertTrue(sent.contains("cookie: a=1; b=2\r\n"), sent);
            assertTrue(sent.startsWith("GET /\u00c3\u00a9|\" HTTP/1.1\r\n"), sent);
        }
    }

    @Test
    void answersBeforeTheRequestEndedAndDropsTheConnection() throws Exception {
        try (var backend = ScriptedBackend.answering("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")) {
            String id = rig.publish(backend.port());
            TestStream upload = rig.open(request("POST", id, "/"), false);
            upload.data("some", false);
            upload.awaitEnd();
            assertEquals(413, upload.status());
            assertEquals("big", upload.body());
            assertTrue(upload.isComplete());
            assertEquals(413, rig.open(request("GET", id, "/"), true).awaitEnd().status());
            assertEquals(2, backend.connections()); // the rest of the body would have been read as a request
        }
    }

    @Test
    void passesContinueBeforeTheBody() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            String head = connection.readHead();
            assertTrue(head.contains("expect: 100-continue"), head);
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            connection.read(2);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        })) {
            String id = rig.publish(backend.port());
            TestStream upload = rig.open(
                    request("PUT", id, "/").set("expect", "100-continue").set("content-length", "2"), false);
            upload.awaitInformational(1);
            assertEquals(100, upload.status());
            upload.data("hi", true);
            assertEquals(200, upload.awaitHead().status());
        }
    }

    @Test
    void triesAgainWhenAKeptConnectionHadEnded() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number);
            if (number == 1) {
                connection.readHead(); // takes the second request and goes without a word
            }
        })) {
            String id = rig.publish(backend.port());
            assertEquals("1", rig.get(id, "/").awaitEnd().body());
            assertEquals("2", rig.get(id, "/").awaitEnd().body());
        }
    }

    @Test
    void neverSendsAPostTwice() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            connection.readHead();
        })) {
            String id = rig.publish(backend.port());
            rig.get(id, "/").awaitEnd();
            TestStream post = rig.open(request("POST", id, "/"), true).awaitEnd();
            assertEquals("backend-closed", post.failure());
            assertEquals(1, backend.connections());
        }
    }

    @Test
    void cancelledStreamClosesTheBackendsConnection() throws Exception {
        var closed = new java.util.concurrent.CountDownLatch(1);
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
            if (connection.socket().getInputStream().read() < 0) {
                closed.countDown();
            }
        })) {
            TestStream stream = rig.get(rig.publish(backend.port()), "/").awaitBody("abc");
            stream.cancel();
            awaitLatch(closed);
        }
    }

    static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    static void awaitLatch(java.util.concurrent.CountDownLatch latch) {
        try {
            if (!latch.await(20, java.util.concurrent.TimeUnit.SECONDS)) {
                throw new AssertionError("the awaited event did not come");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
