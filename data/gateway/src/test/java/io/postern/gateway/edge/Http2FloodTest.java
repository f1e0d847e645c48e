package io.postern.gateway.edge;

import static io.postern.gateway.RawHttp2.CONTINUATION;
import static io.postern.gateway.RawHttp2.DATA;
import static io.postern.gateway.RawHttp2.END_HEADERS;
import static io.postern.gateway.RawHttp2.END_STREAM;
import static io.postern.gateway.RawHttp2.GOAWAY;
import static io.postern.gateway.RawHttp2.HEADERS;
import static io.postern.gateway.RawHttp2.PING;
import static io.postern.gateway.RawHttp2.RST_STREAM;
import static io.postern.gateway.RawHttp2.SETTINGS;
import static io.postern.gateway.RawHttp2.WINDOW_UPDATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.RawHttp2;
import io.postern.gateway.ScriptedBackend;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Frames that cost us more than the client (security case "HTTP/2 floods"): the connection ends, the
/// gateway goes on. RFC 9113 §10.5.
class Http2FloodTest {
    private static final int ENHANCE_YOUR_CALM = 11;
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open(ScriptedBackend::echo);
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @AfterEach
    void othersAreServed() {
        try (var client = house.client()) {
            client.send(RawClient.head("GET /app/ HTTP/1.1", "Host: app.example.test"));
            assertEquals(200, client.response().status());
        }
    }

    private static void endsCalmly(RawHttp2 client) {
        Optional<RawHttp2.Frame> end = client.await(f -> f.type() == GOAWAY);
        end.ifPresent(goAway -> assertEquals(ENHANCE_YOUR_CALM, goAway.code()));
        assertTrue(client.await(f -> false).isEmpty());
    }

    @Test
    @DisplayName("RapidReset: opens and resets streams (CVE-2023-44487)")
    void rapidReset() {
        try (var client = new RawHttp2(house)) {
            byte[] block = client.block(RawHttp2.get("/app/"));
            for (int i = 0; i < 2_000; i++) {
                var both = new ByteArrayOutputStream();
                both.writeBytes(RawHttp2.encode(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, block));
                both.writeBytes(RawHttp2.encode(RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8}));
                client.pour(both.toByteArray(), 1);
            }
            endsCalmly(client);
        }
    }

    @Test
    @DisplayName("MadeYouReset: makes us reset the streams (CVE-2025-8671)")
    void madeYouReset() {
        try (var client = new RawHttp2(house)) {
            byte[] block = client.block(RawHttp2.get("/app/"));
            for (int i = 0; i < 2_000; i++) {
                var both = new ByteArrayOutputStream();
                both.writeBytes(RawHttp2.encode(HEADERS, END_HEADERS, 2 * i + 1, block));
                both.writeBytes(RawHttp2.encode(WINDOW_UPDATE, 0, 2 * i + 1, new byte[4])); // of zero: §6.9
                client.pour(both.toByteArray(), 1);
            }
            assertTrue(client.await(f -> false).isEmpty());
        }
    }

    @Test
    @DisplayName("ContinuationFlood: never ends its fields (CVE-2024-27316 and kin)")
    void continuationFlood() {
        try (var client = new RawHttp2(house)) {
            client.frame(HEADERS, 0, 1, client.block(RawHttp2.get("/app/")));
            client.pour(RawHttp2.encode(CONTINUATION, 0, 1, new byte[0]), 10_000);
            assertTrue(client.await(f -> f.type() == DATA).isEmpty());
        }
    }

    @Test
    void pingFlood() {
        try (var client = new RawHttp2(house)) {
            client.pour(RawHttp2.encode(PING, 0, 0, new byte[8]), 5_000);
            endsCalmly(client);
        }
    }

    @Test
    void settingsFlood() {
        try (var client = new RawHttp2(house)) {
            client.pour(RawHttp2.encode(SETTINGS, 0, 0, new byte[0]), 5_000);
            endsCalmly(client);
        }
    }

    @Test
    void emptyDataFlood() {
        try (var client = new RawHttp2(house)) {
            client.headers(1, false, RawHttp2.get("/app/").method("POST"));
            client.pour(RawHttp2.encode(DATA, 0, 1, new byte[0]), 5_000);
            assertTrue(client.await(f -> f.type() == HEADERS).isEmpty());
        }
    }
}
