package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.RawHttp2;
import io.postern.gateway.ScriptedBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Methods that no RFC of ours names, and answers that begin and flow while the request goes on, as those of a
/// Remote Desktop gateway do (MS-TSGU, MS-RPCH): MTH-1.
class LongMethodsTest {
    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private final House house = House.open(log.factory(() -> ScriptedBackend.manual(true)));

    @AfterEach
    void close() {
        house.close();
    }

    private RawClient client() {
        return RawClient.http1(house.address, House.APP_HOST, house.edgeAuthority.authority());
    }

    private static String start(String method, String framing) {
        return method + " /app/remoteDesktopGateway/ HTTP/1.1\r\nHost: " + House.APP_HOST + "\r\n" + framing
                + "\r\n\r\n";
    }

    private static DefaultHttp2Headers ok() {
        var head = new DefaultHttp2Headers();
        head.status("200");
        return head;
    }

    @ParameterizedTest
    @ValueSource(strings = {"RDG_OUT_DATA", "RPC_OUT_DATA", "PROPFIND", "REPORT", "M-SEARCH", "BPROPPATCH", "Q"})
    void anyMethodArrivesAsItWasSent(String method) {
        try (RawClient client = client();
                var http2 = new RawHttp2(house)) {
            client.send(start(method, "Content-Length: 0"));
            http2.headers(1, true, RawHttp2.get("/app/").method(method));

            for (int i = 0; i < 2; i++) {
                ScriptedBackend stream = log.next();
                assertEquals(method, stream.field(":method"));
                stream.head(ok(), true);
            }
            assertEquals(200, client.response().status());
            assertTrue(http2.await(f -> f.type() == RawHttp2.HEADERS).isPresent());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 1073741824"})
    void bothDirectionsFlowAtOnce(String framing) {
        boolean chunked = framing.endsWith("chunked");
        try (RawClient client = client()) {
            client.send(start("RDG_IN_DATA", framing));
            ScriptedBackend stream = log.next();
            stream.head(ok(), false);
            assertEquals("HTTP/1.1 200 OK", client.line());
            client.skipHead();

            for (int i = 0; i < 50; i++) {
                String piece = "ping%04d".formatted(i);
                client.send(chunked ? "8\r\n" + piece + "\r\n" : piece);
                House.await(() -> stream.body().endsWith(piece));
                stream.data("pong%04d".formatted(i), false);
                assertEquals("8", client.line());
                assertEquals("pong%04d".formatted(i), client.text(8));
                client.line();
            }
            assertFalse(stream.ended);
            assertTrue(stream.reset.isEmpty());
        }
    }

    @Test
    void bothDirectionsFlowAtOnceInHttp2() {
        try (var client = new RawHttp2(house)) {
            client.headers(1, false, RawHttp2.get("/app/remoteDesktopGateway/").method("RDG_IN_DATA"));
            ScriptedBackend stream = log.next();
            stream.head(ok(), false);
            assertTrue(client.await(f -> f.type() == RawHttp2.HEADERS).isPresent());

            for (int i = 0; i < 50; i++) {
                String piece = "ping%04d".formatted(i);
                client.data(1, false, piece);
                House.await(() -> stream.body().endsWith(piece));
                String answer = "pong%04d".formatted(i);
                stream.data(answer, false);
                assertEquals(
                        answer,
                        client.await(f -> f.type() == RawHttp2.DATA)
                                .orElseThrow()
                                .payload());
            }
            client.data(1, true, "");
            House.await(() -> stream.ended);
            stream.data("", true);
            assertTrue(client.await(f -> (f.flags() & RawHttp2.END_STREAM) != 0).isPresent());
        }
    }
}
