package io.postern.gateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.gateway.House;
import io.postern.gateway.RawHttp2;
import io.postern.gateway.ScriptedBackend;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// HTTP/2 at the edge, RFC 9113 and RFC 8441.
class Http2Test {
    private static final ScriptedBackend.Log LOG = new ScriptedBackend.Log();
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open(LOG.factory(() -> new ScriptedBackend(
                (s, c) -> {}, (s, c) -> ScriptedBackend.respond(c, 200, s.body() + " at " + s.field(":path")), true)));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @BeforeEach
    void forget() {
        LOG.streams.clear();
    }

    private static String body(RawHttp2 client, int stream) {
        var body = new StringBuilder();
        RawHttp2.Frame frame;
        do {
            frame = client.await(f -> f.stream() == stream && f.type() == RawHttp2.DATA)
                    .orElseThrow();
            body.append(frame.payload());
        } while ((frame.flags() & RawHttp2.END_STREAM) == 0);
        return body.toString();
    }

    @Test
    void answersManyStreamsOfOneConnection() {
        try (var client = new RawHttp2(house)) {
            for (int i = 0; i < 20; i++) {
                client.headers(2 * i + 1, true, RawHttp2.get("/app/" + i));
            }
            var ended = new java.util.HashSet<Integer>();
            client.await(f -> {
                if (f.type() == RawHttp2.DATA && (f.flags() & 1) != 0) {
                    ended.add(f.stream());
                }
                return ended.size() == 20;
            });
            assertEquals(20, ended.size());
        }
    }

    @Test
    void joinsCookieCrumbs() {
        try (var client = new RawHttp2(house)) {
            Http2Headers head = RawHttp2.get("/app/").add("cookie", "a=1").add("cookie", "b=2");
            client.headers(1, true, head);
            body(client, 1);
            assertEquals("a=1; b=2", LOG.next().field("cookie"));
        }
    }

    @Test
    void carriesABody() {
        try (var client = new RawHttp2(house)) {
            client.headers(1, false, RawHttp2.get("/app/up").method("POST"));
            client.data(1, false, "hello ").data(1, true, "world");
            assertEquals("hello world at /wiki/up", body(client, 1));
        }
    }

    @Test
    void carriesAWebSocketByExtendedConnect() {
        try (var client = new RawHttp2(house)) {
            Http2Headers head = RawHttp2.get("/app/ws")
                    .method("CONNECT")
                    .set(":protocol", "websocket")
                    .set("sec-websocket-version", "13");
            client.headers(1, false, head);
            ScriptedBackend stream = LOG.next();
            assertEquals("websocket", stream.field(":protocol"));
            stream.head(new DefaultHttp2Headers().status("200"), false);
            client.data(1, false, "ping");
            House.await(() -> stream.body().equals("ping"));
            stream.data("pong", true);
            assertEquals("pong", body(client, 1));
        }
    }

    @Test
    void tellsTheBackendOfAReset() {
        try (var client = new RawHttp2(house)) {
            client.headers(1, false, RawHttp2.get("/app/").method("POST"));
            ScriptedBackend stream = LOG.next();
            client.frame(RawHttp2.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            House.await(() -> stream.reset.isPresent());
        }
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                bad("connection field", h -> h.set("connection", "close")),
                bad("transfer-encoding", h -> h.set("transfer-encoding", "chunked")),
                bad("upper-case name", h -> h.set("X-Upper", "1")),
                bad("te gzip", h -> h.set("te", "gzip")),
                bad("host disagrees", h -> h.set("host", "evil.test")),
                bad("two hosts", h -> h.add("host", House.APP_HOST).add("host", House.APP_HOST)),
                bad("two paths", h -> h.add(":path", "/app/other")),
                bad("two authorities", h -> h.add(":authority", "evil.test")),
                bad("no path", h -> remove(h, ":path")),
                bad("no method", h -> remove(h, ":method")),
                bad("no authority", h -> remove(h, ":authority")),
                bad("relative path", h -> h.path("app/")),
                bad("control in path", h -> h.path("/app/\u0001")),
                bad("space in path", h -> h.path("/app/ HTTP/1.1")),
                bad("method no token", h -> h.method("GE T")),
                bad("CR LF in value", h -> h.set("x", "a\r\nb: c")),
                bad("NUL in value", h -> h.set("x", "a\0b")),
                bad("blank before value", h -> h.set("x", " a")),
                bad("authority with user", h -> h.authority("a@" + House.APP_HOST)),
                bad("unknown pseudo-field", h -> h.set(":x", "1")),
                bad("status in a request", h -> h.status("200")),
                bad("protocol without CONNECT", h -> h.set(":protocol", "websocket")),
                bad("plain CONNECT", h -> remove(remove(h.method("CONNECT"), ":path"), ":scheme")),
                bad("two lengths", h -> h.add("content-length", "1").add("content-length", "2")));
    }

    private static Arguments bad(String name, UnaryOperator<Http2Headers> change) {
        return Arguments.of(name, change);
    }

    private static Http2Headers remove(Http2Headers headers, String name) {
        headers.remove(name);
        return headers;
    }

    /// A stream error or a 4xx; never anything at the backend (RFC 9113 §8.1.1).
    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesTheMalformed(String name, UnaryOperator<Http2Headers> change) {
        try (var client = new RawHttp2(house)) {
            client.headers(1, true, change.apply(RawHttp2.get("/app/")));
            client.await(f ->
                    f.type() == RawHttp2.GOAWAY || f.type() == RawHttp2.RST_STREAM || f.type() == RawHttp2.HEADERS);
            assertTrue(LOG.streams.isEmpty(), name + " reached the backend");
        }
    }
}
