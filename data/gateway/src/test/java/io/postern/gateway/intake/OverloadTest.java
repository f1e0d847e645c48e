package io.postern.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.domain.event.AccessEvent;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.RawHttp2;
import io.postern.gateway.ScriptedBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// More requests than may wait: those beyond are told at once, those that were taken are served, and afterwards
/// everything is as before.
class OverloadTest {
    private static final int MAX = 8;
    private static final String HOST = "Host: app.example.test";

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private House house;

    @BeforeEach
    void open() {
        house = new House(
                log.factory(() -> ScriptedBackend.manual(true)),
                c -> c.with(c.limits(), new IntakeLimits(100, MAX, Duration.ofSeconds(10))),
                Map.of(),
                1);
    }

    @AfterEach
    void close() {
        house.close();
    }

    /// So many that wait, each on a connection of its own.
    private List<RawClient> waiting(int count, String head) {
        var clients = new ArrayList<RawClient>();
        for (int i = 0; i < count; i++) {
            clients.add(house.client().send(RawClient.head(head, HOST)));
        }
        House.await(() -> house.gateway.waiting() == count && log.streams.size() == count);
        return clients;
    }

    private RawClient.Response get() {
        try (var client = house.client()) {
            return client.send(RawClient.head("GET /app/ HTTP/1.1", HOST)).response();
        }
    }

    private static void answer(ScriptedBackend stream) {
        stream.head(new DefaultHttp2Headers().status("200").setInt("content-length", 2), false);
        stream.data("ok", true);
    }

    @Test
    void refusesWith503AndRetryAfterAndTellsIt() {
        List<RawClient> taken = waiting(MAX, "GET /app/ HTTP/1.1");
        RawClient.Response refused = get();
        assertEquals(503, refused.status());
        int seconds = Integer.parseInt(refused.headers().get("retry-after"));
        assertTrue(seconds >= 1 && seconds <= 3, seconds + " s");
        assertEquals("no-store", refused.headers().get("cache-control"));
        AccessEvent event = house.event();
        assertEquals("overloaded", event.outcome());
        assertEquals(503, event.status());
        assertEquals(1, house.metric("requests_refused", "application"));
        taken.forEach(RawClient::close);
    }

    @Test
    void servesWhatItTookAndEverybodyAfterwards() {
        List<RawClient> taken = waiting(MAX, "GET /app/ HTTP/1.1");
        assertEquals(503, get().status());
        log.streams.forEach(OverloadTest::answer);
        for (RawClient client : taken) {
            assertEquals("ok", client.response().body());
            client.send(RawClient.head("GET /app/again HTTP/1.1", HOST));
        }
        House.await(() -> log.streams.size() == 2 * MAX);
        log.streams.stream().skip(MAX).forEach(OverloadTest::answer);
        for (RawClient client : taken) {
            assertEquals("ok", client.response().body());
            client.close();
        }
        assertEquals(0, house.gateway.waiting());
    }

    @Test
    void countsReturnToZeroWhoeverEndsTheExchange() {
        waiting(MAX, "GET /app/ HTTP/1.1").forEach(RawClient::close); // the client leaves
        House.await(() -> house.gateway.waiting() == 0);
        log.streams.clear();

        List<RawClient> cut = waiting(MAX, "GET /app/ HTTP/1.1");
        house.loseTunnels(); // the upstream leaves
        for (RawClient client : cut) {
            assertEquals(502, client.response().status());
            client.close();
        }
        assertEquals(0, house.gateway.waiting());
    }

    @Test
    void resetStreamsLeaveNoCountBehind() {
        try (var client = new RawHttp2(house)) {
            for (int i = 0; i < MAX; i++) {
                client.headers(2 * i + 1, true, RawHttp2.get("/app/"));
            }
            House.await(() -> house.gateway.waiting() == MAX);
            client.headers(2 * MAX + 1, true, RawHttp2.get("/app/"));
            Optional<RawHttp2.Frame> refused =
                    client.await(f -> f.type() == RawHttp2.HEADERS && f.stream() == 2 * MAX + 1);
            assertTrue(refused.isPresent());
            for (int i = 0; i < MAX; i++) {
                client.frame(RawHttp2.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
            }
            House.await(() -> house.gateway.waiting() == 0);
        }
    }

    /// A body that is still being sent does not end the connection before the refusal is read.
    @Test
    void refusesAnUploadWithoutReadingIt() {
        List<RawClient> taken = waiting(MAX, "GET /app/ HTTP/1.1");
        try (var client = house.client()) {
            client.send(RawClient.head("POST /app/ HTTP/1.1", HOST, "Content-Length: 100000"));
            client.send("x".repeat(1_000));
            assertEquals(503, client.response().status());
        }
        taken.forEach(RawClient::close);
    }

    @Test
    void whatIsBeingAnsweredIsNotWaiting() {
        List<RawClient> downloads = waiting(MAX, "GET /app/events HTTP/1.1");
        for (ScriptedBackend stream : log.streams) {
            stream.head(new DefaultHttp2Headers().status("200"), false);
        }
        House.await(() -> house.gateway.waiting() == 0);
        log.streams.clear();
        List<RawClient> sockets = new ArrayList<>();
        for (int i = 0; i < MAX; i++) {
            sockets.add(house.client()
                    .send(RawClient.head(
                            "GET /app/socket HTTP/1.1",
                            HOST,
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")));
        }
        House.await(() -> log.streams.size() == MAX);
        log.streams.forEach(s -> s.head(new DefaultHttp2Headers().status("200"), false));
        House.await(() -> house.gateway.waiting() == 0);
        log.streams.clear();

        List<RawClient> more = waiting(MAX, "GET /app/ HTTP/1.1"); // as many as on an idle gateway
        assertEquals(503, get().status());
        for (RawClient download : downloads) { // and nothing that runs is cut by the refusals
            download.skipHead();
        }
        for (List<RawClient> clients : List.of(downloads, sockets, more)) {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void refusesBeyondTheProcessLimitWhateverIsAsked() {
        house.close();
        house = new House(
                log.factory(() -> ScriptedBackend.manual(true)),
                c -> c.with(c.limits(), new IntakeLimits(MAX, 100, Duration.ofSeconds(10))),
                Map.of(),
                1);
        List<RawClient> taken = waiting(MAX, "GET /app/ HTTP/1.1");
        assertEquals(503, get().status());
        assertEquals(1, house.metric("requests_refused", "process"));
        taken.forEach(RawClient::close);
        House.await(() -> house.gateway.waiting() == 0);
    }

    @Test
    void aFullTunnelIsOverloadAndNotAMissingConnector() {
        house.close();
        house = new House(log.factory(() -> ScriptedBackend.manual(true)), c -> c, Map.of(), 1, 1, MAX);
        List<RawClient> taken = waiting(MAX, "GET /app/ HTTP/1.1");
        RawClient.Response refused = get();
        assertEquals(503, refused.status());
        assertTrue(refused.headers().containsKey("retry-after"));
        taken.getFirst().close();
        House.await(() -> house.metric("tunnel_open_streams") < MAX);
        try (var client = house.client()) { // there is room again
            client.send(RawClient.head("GET /app/ HTTP/1.1", HOST));
            House.await(() -> log.streams.size() == MAX + 1);
        }
        taken.forEach(RawClient::close);
    }

    @Test
    void aBusyConnectorIsOverload() {
        try (var client = house.client()) {
            client.send(RawClient.head("GET /app/ HTTP/1.1", HOST));
            log.next().head(new DefaultHttp2Headers().status("503").set("postern-failure", "busy"), true);
            RawClient.Response refused = client.response();
            assertEquals(503, refused.status());
            assertTrue(refused.headers().containsKey("retry-after"));
        }
    }
}
