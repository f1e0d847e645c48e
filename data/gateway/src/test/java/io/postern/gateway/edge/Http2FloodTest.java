package io.postern.gateway.edge;

import static io.postern.gateway.RawHttp2.CONTINUATION;
import static io.postern.gateway.RawHttp2.DATA;
import static io.postern.gateway.RawHttp2.END_HEADERS;
import static io.postern.gateway.RawHttp2.END_STREAM;
import static io.postern.gateway.RawHttp2.HEADERS;
import static io.postern.gateway.RawHttp2.PING;
import static io.postern.gateway.RawHttp2.PRIORITY;
import static io.postern.gateway.RawHttp2.RST_STREAM;
import static io.postern.gateway.RawHttp2.SETTINGS;
import static io.postern.gateway.RawHttp2.WINDOW_UPDATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.RawHttp2;
import io.postern.gateway.ScriptedBackend;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Frames that cost us more than the client (security case "HTTP/2 floods"): the connection ends after a stated
/// count, everybody else is served meanwhile and after. RFC 9113 §10.5.
class Http2FloodTest {
    private static final int ENHANCE_YOUR_CALM = 11;

    /// Resets in 30 s, either way, and the streams that may be on their way while the count is reached.
    private static final int STREAMS_MAX = 200 + 128;

    private static final int POURED = 1_000;

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private final House house = House.open(log.factory(ScriptedBackend::echo));

    @AfterEach
    void othersAreServed() {
        try (var client = house.client()) {
            client.send(RawClient.head("GET /app/ HTTP/1.1", "Host: app.example.test"));
            assertEquals(200, client.response().status());
        }
        House.await(() -> house.metric("edge_connections") <= 1); // the tunnel's
        assertEquals(0, house.gateway.waiting());
        house.close();
    }

    private static byte[] both(byte[] first, byte[] second) {
        var both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    /// An honest client that asks while somebody pours, as often as it can.
    private void pourBesideAnHonestClient(RawHttp2 client, IntFunction<byte[]> frames) {
        try (var honest = house.client()) {
            for (int i = 0; i < POURED; i++) {
                client.pour(frames.apply(2 * i + 1), 1);
                if (i % 500 == 0) {
                    honest.send(RawClient.head("GET /app/honest HTTP/1.1", "Host: app.example.test"));
                    assertEquals(200, honest.response().status());
                }
            }
        }
    }

    private long reachedTheBackend() {
        return log.streams.stream()
                .filter(s ->
                        s.head.map(h -> "/wiki/flood".contentEquals(h.path())).orElse(false))
                .count();
    }

    @Test
    @DisplayName("RapidReset: opens and resets streams (CVE-2023-44487)")
    void rapidReset() {
        try (var client = new RawHttp2(house)) {
            byte[] block = client.block(RawHttp2.get("/app/flood"));
            byte[] cancel = {0, 0, 0, 8};
            pourBesideAnHonestClient(
                    client,
                    stream -> both(
                            RawHttp2.encode(HEADERS, END_HEADERS | END_STREAM, stream, block),
                            RawHttp2.encode(RST_STREAM, 0, stream, cancel)));
            endsCalmly(client);
        }
        assertTrue(reachedTheBackend() <= STREAMS_MAX, reachedTheBackend() + " streams");
    }

    private static void endsCalmly(RawHttp2 client) {
        int code = client.codeAtTheEnd();
        assertTrue(code == ENHANCE_YOUR_CALM || code == -1, "GOAWAY " + code); // lost where unread bytes reset TCP
    }

    /// What makes an HTTP/2 server reset a stream, each after a head that opens it.
    enum Fault {
        WINDOW_UPDATE_OF_ZERO,
        WINDOW_OVERFLOW,
        DATA_AFTER_THE_END,
        DEPENDS_ON_ITSELF,
        PRIORITY_OF_FOUR_BYTES,
        LONGER_THAN_IT_SAYS;

        byte[] frames(int stream) {
            return switch (this) {
                case WINDOW_UPDATE_OF_ZERO -> RawHttp2.encode(WINDOW_UPDATE, 0, stream, new byte[4]); // §6.9
                case WINDOW_OVERFLOW -> { // §6.9.1
                    byte[] most = RawHttp2.encode(WINDOW_UPDATE, 0, stream, new byte[] {0x7f, -1, -1, -1});
                    yield both(most, most);
                }
                case DATA_AFTER_THE_END -> RawHttp2.encode(DATA, 0, stream, new byte[1]); // §5.1
                case DEPENDS_ON_ITSELF -> // RFC 7540 §5.3.1
                    RawHttp2.encode(PRIORITY, 0, stream, new byte[] {0, 0, (byte) (stream >> 8), (byte) stream, 1});
                case PRIORITY_OF_FOUR_BYTES -> RawHttp2.encode(PRIORITY, 0, stream, new byte[4]); // §6.3
                case LONGER_THAN_IT_SAYS -> RawHttp2.encode(DATA, 0, stream, new byte[10]); // §8.1.1
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    @DisplayName("MadeYouReset: makes us reset the streams (CVE-2025-8671)")
    void madeYouReset(Fault fault) {
        try (var client = new RawHttp2(house)) {
            boolean headOpen = fault != Fault.DATA_AFTER_THE_END;
            Http2Headers request = RawHttp2.get("/app/flood");
            byte[] head = client.block(headOpen ? request.set("content-length", "1") : request);
            int flags = headOpen ? END_HEADERS : END_HEADERS | END_STREAM;
            pourBesideAnHonestClient(
                    client, stream -> both(RawHttp2.encode(HEADERS, flags, stream, head), fault.frames(stream)));
            client.codeAtTheEnd();
        }
        assertTrue(reachedTheBackend() <= STREAMS_MAX, reachedTheBackend() + " streams");
    }

    @Test
    @DisplayName("ContinuationFlood: never ends its fields (CVE-2024-27316 and kin)")
    void emptyContinuations() {
        try (var client = new RawHttp2(house)) {
            client.frame(HEADERS, 0, 1, client.block(RawHttp2.get("/app/flood")));
            client.pour(RawHttp2.encode(CONTINUATION, 0, 1, new byte[0]), 10_000);
            client.codeAtTheEnd();
        }
        assertEquals(0, reachedTheBackend());
    }

    @Test
    void fullContinuations() {
        try (var client = new RawHttp2(house)) {
            client.frame(HEADERS, 0, 1, client.block(RawHttp2.get("/app/flood")));
            byte[] field = client.block(new DefaultHttp2Headers(false).set("x-fill", "x".repeat(16_000)));
            client.pour(RawHttp2.encode(CONTINUATION, 0, 1, field), 1_000); // 16 MB
            client.codeAtTheEnd();
        }
        assertEquals(0, reachedTheBackend());
    }

    /// One entry of 4 KiB in the table, then a byte for each time it is named: 16 KiB that mean 44 MB. Not kept
    /// beyond the limit of a head, and told; whoever goes on is cut off.
    @Test
    @DisplayName("HPACK bomb")
    void hpackBomb() {
        try (var client = new RawHttp2(house)) {
            var bomb = new ByteArrayOutputStream();
            bomb.writeBytes(client.block(RawHttp2.get("/app/flood")));
            byte[] value = new byte[4_000];
            Arrays.fill(value, (byte) 'x');
            int rest = value.length - 127; // RFC 7541 §5.1
            bomb.writeBytes(new byte[] {0x40, 1, 'x', 0x7f, (byte) (0x80 | (rest & 0x7f)), (byte) (rest >> 7)});
            bomb.writeBytes(value);
            byte[] named = new byte[11_000];
            Arrays.fill(named, (byte) 0xbe); // index 62: the newest
            bomb.writeBytes(named);
            byte[] head = bomb.toByteArray();
            client.frame(HEADERS, END_HEADERS | END_STREAM, 1, head);
            assertTrue(client.await(f -> f.stream() == 1 && (f.type() == HEADERS || f.type() == RST_STREAM))
                    .isPresent());
            for (int i = 1; i <= STREAMS_MAX; i++) {
                client.pour(RawHttp2.encode(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, head), 1);
            }
            client.codeAtTheEnd();
        }
        assertEquals(0, reachedTheBackend());
    }

    @Test
    void pingFlood() {
        flood(RawHttp2.encode(PING, 0, 0, new byte[8]));
    }

    @Test
    void settingsFlood() {
        flood(RawHttp2.encode(SETTINGS, 0, 0, new byte[0]));
    }

    @Test
    void settingsAckFlood() {
        flood(RawHttp2.encode(SETTINGS, 1, 0, new byte[0]));
    }

    @Test
    void priorityFloodOnStreamsThatAreNotThere() {
        flood(RawHttp2.encode(PRIORITY, 0, 7, new byte[] {0, 0, 0, 5, 1}));
    }

    @Test
    void floodOfUnknownFrames() {
        flood(RawHttp2.encode(0xfa, 0, 0, new byte[8]));
    }

    private void flood(byte[] frame) {
        try (var client = new RawHttp2(house)) {
            client.pour(frame, 5_000);
            endsCalmly(client);
        }
    }

    @Test
    void aThousandControlFramesAreNoFlood() {
        try (var client = new RawHttp2(house)) {
            client.pour(RawHttp2.encode(PING, 0, 0, new byte[8]), 900);
            client.headers(1, true, RawHttp2.get("/app/"));
            assertTrue(client.await(f -> f.type() == HEADERS && f.stream() == 1).isPresent());
        }
    }

    @Test
    void emptyDataFlood() {
        try (var client = new RawHttp2(house)) {
            client.headers(1, false, RawHttp2.get("/app/flood").method("POST"));
            client.pour(RawHttp2.encode(DATA, 0, 1, new byte[0]), 5_000);
            endsCalmly(client);
        }
    }

    /// Heads without a field: each is a fault of its stream, which we answer by a reset.
    @Test
    void emptyHeadersFlood() {
        try (var client = new RawHttp2(house)) {
            pourBesideAnHonestClient(
                    client, stream -> RawHttp2.encode(HEADERS, END_HEADERS | END_STREAM, stream, new byte[0]));
            client.codeAtTheEnd();
        }
        assertEquals(0, reachedTheBackend());
    }
}
