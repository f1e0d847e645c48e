package io.postern.gateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests with two readings (security case "request smuggling"): refused, the connection ends, and
/// what was hidden behind them is never read as a request. RFC 9112 §2.2, §3.2, §5.1, §5.2, §6.1, §6.3, §7.1.
class RequestSmugglingTest {
    private static final ScriptedBackend.Log LOG = new ScriptedBackend.Log();
    private static final String HOST = "Host: app.example.test\r\n";
    private static final String HIDDEN = "GET /app/hidden HTTP/1.1\r\n" + HOST + "\r\n";
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open(LOG.factory(ScriptedBackend::echo));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    static Stream<Arguments> ambiguous() {
        String post = "POST /app/x HTTP/1.1\r\n" + HOST;
        String get = "GET /app/x HTTP/1.1\r\n" + HOST;
        return Stream.of(
                Arguments.of("CL and TE", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("two CL", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
                Arguments.of("two equal CL", post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"),
                Arguments.of("CL list", post + "Content-Length: 1, 1\r\n\r\na"),
                Arguments.of("CL with sign", post + "Content-Length: +1\r\n\r\na"),
                Arguments.of("CL in hexadecimal", post + "Content-Length: 0x1\r\n\r\na"),
                Arguments.of("CL empty", post + "Content-Length: \r\n\r\n"),
                Arguments.of("CL overflow", post + "Content-Length: 99999999999999999999\r\n\r\n"),
                Arguments.of("TE gzip", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("TE identity", post + "Transfer-Encoding: identity\r\n\r\n"),
                Arguments.of(
                        "TE twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("TE quoted", post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
                Arguments.of("TE with vertical tab", post + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "TE in 1.0", "POST /app/x HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("space before colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("folded field", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("folded first field", "GET /app/x HTTP/1.1\r\n Host: a\r\n" + HOST + "\r\n"),
                Arguments.of("bare LF after field", get + "X: 1\n\r\n"),
                Arguments.of("bare LF after request line", "GET /app/x HTTP/1.1\n" + HOST + "\r\n"),
                Arguments.of("bare CR in value", get + "X: 1\rTransfer-Encoding: chunked\r\n\r\n"),
                Arguments.of("NUL in value", get + "X: a\0b\r\n\r\n"),
                Arguments.of("NUL in name", get + "X\0: b\r\n\r\n"),
                Arguments.of("no name", get + ": b\r\n\r\n"),
                Arguments.of("no colon", get + "nonsense\r\n\r\n"),
                Arguments.of("no Host", "GET /app/x HTTP/1.1\r\n\r\n"),
                Arguments.of("no Host in 1.0", "GET /app/x HTTP/1.0\r\n\r\n"),
                Arguments.of("two Hosts", get + HOST + "\r\n"),
                Arguments.of("Host with user", "GET /app/x HTTP/1.1\r\nHost: a@app.example.test\r\n\r\n"),
                Arguments.of("Host list", "GET /app/x HTTP/1.1\r\nHost: app.example.test, b\r\n\r\n"),
                Arguments.of("Host with path", "GET /app/x HTTP/1.1\r\nHost: app.example.test/app\r\n\r\n"),
                Arguments.of("target of another host", "GET https://evil.test/app/x HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("two spaces", "GET  /app/x HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("tab as separator", "GET\t/app/x HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("space in target", "GET /app/x y HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("CR in target", "GET /app/\rx HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("fragment", "GET /app/#x HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("raw UTF-8 in target", "GET /app/\u00e4 HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("HTTP/1.2", "GET /app/x HTTP/1.2\r\n" + HOST + "\r\n"),
                Arguments.of("http/1.1", "GET /app/x http/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("HTTP/0.9", "GET /app/x\r\n" + HOST + "\r\n"),
                Arguments.of("method with colon", "GE:T /app/x HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("unknown Expect", post + "Content-Length: 1\r\nExpect: 200-ok\r\n\r\na"),
                Arguments.of("dot segment", "GET /app/../other HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("h2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguous")
    void refusesWhatHasTwoReadings(String name, String request) {
        try (var client = house.client()) {
            client.send(request + HIDDEN);
            assertEquals(400, client.response().status(), name);
            if (!name.equals("dot segment")) { // well framed, so what follows is honest
                assertEquals("", client.untilEnd().replace("<SSLException>", "").replace("<SocketException>", ""));
                assertTrue(LOG.streams.isEmpty(), "something reached the backend");
            } else {
                assertEquals(200, client.response().status());
                LOG.next();
            }
        }
    }

    static Stream<Arguments> badChunks() {
        return Stream.of(
                Arguments.of("no size", "\r\nab\r\n0\r\n\r\n"),
                Arguments.of("negative", "-1\r\na\r\n0\r\n\r\n"),
                Arguments.of("0x", "0x1\r\na\r\n0\r\n\r\n"),
                Arguments.of("overflow", "fffffffffffffffff\r\na\r\n0\r\n\r\n"),
                Arguments.of("longer than its size", "1\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("bare LF", "1\na\r\n0\r\n\r\n"),
                Arguments.of("bare LF in extension", "1;x\ny\r\na\r\n0\r\n\r\n"),
                Arguments.of("control in extension", "1;\u0001\r\na\r\n0\r\n\r\n"),
                Arguments.of("blank without extension", "1 \r\na\r\n0\r\n\r\n"),
                Arguments.of("endless extension", "1;" + "x".repeat(1000) + "\r\na\r\n0\r\n\r\n"),
                Arguments.of("extensions that outweigh", "1;xxxxxxxxxxxxxxxxxxxxxxxxxxx\r\na\r\n".repeat(2000)),
                Arguments.of("folded trailer", "0\r\nx: 1\r\n y\r\n\r\n"));
    }

    /// The head was honest, so the backend has seen it; the answer must not look whole, nor the rest be
    /// taken for a request.
    @ParameterizedTest(name = "{0}")
    @MethodSource("badChunks")
    void endsTheConnectionOnABrokenBody(String name, String body) {
        try (var client = house.client()) {
            client.send("POST /app/x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + body + HIDDEN);
            assertFalse(client.untilEnd().contains("hidden"), name);
            ScriptedBackend stream = LOG.next();
            House.await(() -> stream.reset.isPresent());
            assertFalse(stream.ended);
            assertTrue(LOG.streams.isEmpty(), "what was hidden reached the backend");
        }
    }

    @Test
    void pairsAnswersWithRequestsWhateverTheFraming() {
        try (var client = house.client()) {
            client.send("POST /app/1 HTTP/1.1\r\n" + HOST + "Content-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN
                    + "POST /app/2 HTTP/1.1\r\n" + HOST + "Transfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n"
                    + RawClient.head("GET https://app.example.test/app/3 HTTP/1.1", "Host: app.example.test"));
            assertEquals("POST /wiki/1 " + HIDDEN, client.response().body());
            assertEquals("POST /wiki/2 abc", client.response().body());
            assertEquals("GET /wiki/3 ", client.response().body());
        }
        LOG.streams.clear();
    }
}
