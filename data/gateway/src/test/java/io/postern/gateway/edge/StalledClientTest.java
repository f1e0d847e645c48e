package io.postern.gateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.gateway.GatewayConfig;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.RawHttp2;
import io.postern.gateway.ScriptedBackend;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A client that stands still in the middle of an exchange costs us nothing for long: neither one that
/// does not send its request nor one that does not take its answer.
class StalledClientTest {
    private static final byte[] NO_WINDOW = {0, 4, 0, 0, 0, 0}; // SETTINGS_INITIAL_WINDOW_SIZE, RFC 9113 §6.5.2

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private House house;

    @BeforeEach
    void open() {
        house = new House(log.factory(() -> ScriptedBackend.manual(true)), StalledClientTest::impatient, Map.of(), 1);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static GatewayConfig impatient(GatewayConfig c) {
        EdgeLimits d = EdgeLimits.DEFAULTS;
        return c.with(d.withTimes(d.headTimeout(), d.idleTimeout(), Duration.ofMillis(300)));
    }

    @Test
    void cutsARequestWhoseBodyDoesNotCome() {
        try (var client = house.client()) {
            client.send(RawClient.head("POST /app/ HTTP/1.1", "Host: app.example.test", "Content-Length: 10"));
            client.send("a");
            assertEquals("client_stalled", house.event().outcome());
            ScriptedBackend stream = log.next();
            House.await(() -> stream.reset.isPresent());
        }
    }

    /// A remote desktop whose user only looks: its channel is younger than the stalled request and outlives it.
    @Test
    void letsAChannelBeSilentForLonger() {
        try (var desktop = house.client();
                var client = house.client()) {
            desktop.send(RawClient.head(
                    "RDG_IN_DATA /app/ HTTP/1.1", "Host: app.example.test", "Transfer-Encoding: chunked"));
            ScriptedBackend channel = log.next();
            client.send(RawClient.head("POST /app/ HTTP/1.1", "Host: app.example.test", "Content-Length: 10"));
            assertEquals("client_stalled", house.event().outcome());

            desktop.send("1\r\na\r\n");
            House.await(() -> channel.body().equals("a"));
            assertTrue(channel.reset.isEmpty());
        }
    }

    @Test
    void cutsAnAnswerThatIsNotTaken() {
        try (var client = house.client()) {
            client.send(RawClient.head("GET /app/ HTTP/1.1", "Host: app.example.test"));
            ScriptedBackend stream = log.next();
            stream.head(new DefaultHttp2Headers().status("200"), false);
            for (int i = 0; i < 256; i++) {
                stream.send(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[64 * 1024]), false));
            }
            assertEquals("client_stalled", house.event().outcome());
        }
    }

    /// The whole answer is written and fits below every mark, so only the open stream shows that it waits.
    @Test
    void resetsAStreamWhoseSmallAnswerIsNotTaken() {
        try (var client = new RawHttp2(house)) {
            client.frame(RawHttp2.SETTINGS, 0, 0, NO_WINDOW);
            client.headers(1, true, RawHttp2.get("/app/"));
            ScriptedBackend stream = log.next();
            stream.head(new DefaultHttp2Headers().status("200"), false);
            stream.data("never taken", true);
            assertTrue(client.await(f -> f.stream() == 1 && f.type() == RawHttp2.RST_STREAM)
                    .isPresent());
        }
    }

    @Test
    void waitsWithAClientForASlowBackend() {
        try (var patient = house.client();
                var stalled = house.client()) {
            patient.send(RawClient.head("GET /app/slow HTTP/1.1", "Host: app.example.test"));
            ScriptedBackend slow = log.next();
            stalled.send(RawClient.head("POST /app/ HTTP/1.1", "Host: app.example.test", "Content-Length: 10"));
            assertEquals("client_stalled", house.event().outcome()); // so the time is over for both
            slow.head(new DefaultHttp2Headers().status("200"), false);
            slow.data("done", true);
            assertEquals("done", patient.response().body());
        }
    }
}
