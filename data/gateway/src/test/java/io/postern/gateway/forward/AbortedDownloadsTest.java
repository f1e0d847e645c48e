package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.RawHttp2;
import io.postern.gateway.ScriptedBackend;
import org.junit.jupiter.api.Test;

/// Browsers abort and backends break all day long: on a tunnel hundreds of resets are no flood, and the guard of
/// the public edge, which counts them for each client, has no business there.
class AbortedDownloadsTest {
    private static final int CLIENTS = 4;
    private static final int ABORTS = 150; // of each; the edge ends a connection after 200

    private static final String LAST = "last"; // below the published path; does not break

    private static ScriptedBackend download(boolean breaks) {
        return new ScriptedBackend(
                (s, c) -> {},
                (s, c) -> {
                    c.write(new DefaultHttp2HeadersFrame(
                            new DefaultHttp2Headers().status("200").setInt("content-length", 1 << 20), false));
                    s.send(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[256]), false));
                    if (breaks
                            && !("/wiki/" + LAST)
                                    .contentEquals(s.head.orElseThrow().path())) {
                        c.reset(Http2Error.INTERNAL_ERROR);
                    }
                },
                true);
    }

    private static boolean isAwaited(RawHttp2.Frame frame, boolean theEnd) {
        boolean ends = frame.type() == RawHttp2.RST_STREAM || (frame.flags() & RawHttp2.END_STREAM) != 0;
        return theEnd ? ends : frame.type() == RawHttp2.DATA;
    }

    private static void abort(boolean byBackend) {
        try (var house = House.open(() -> download(byBackend))) {
            for (int c = 0; c < CLIENTS; c++) {
                try (var client = new RawHttp2(house)) {
                    for (int i = 0; i < ABORTS; i++) {
                        int stream = 2 * i + 1;
                        client.headers(stream, true, RawHttp2.get("/app/file"));
                        // where the reset overtakes the head, an error page says so
                        assertTrue(client.await(f -> f.stream() == stream && isAwaited(f, byBackend))
                                .isPresent());
                        if (!byBackend) {
                            client.frame(RawHttp2.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
                        }
                    }
                }
            }
            House.await(() -> house.metric("tunnel_open_streams") == 0);
            assertEquals(0, house.metric("tunnels_closed"));
            assertEquals(1, house.metric("tunnels_open"));
            try (var client = house.client()) {
                client.send(RawClient.head("GET /app/" + LAST + " HTTP/1.1", "Host: app.example.test"));
                assertEquals("HTTP/1.1 200 OK", client.line());
            }
        }
    }

    @Test
    void clientsThatLeaveCostNoTunnel() {
        abort(false);
    }

    @Test
    void answersThatBreakCostNoTunnel() {
        abort(true);
    }
}
