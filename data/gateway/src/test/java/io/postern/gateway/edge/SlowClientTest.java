package io.postern.gateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.RawHttp2;
import io.postern.gateway.ScriptedBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients that hold a connection and never finish a head ("slowloris"): it ends after its time, whatever else
/// they send to seem alive. Slow bodies and slow readers: `StalledClientTest`, `SlowReadTest`.
class SlowClientTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final int CLIENTS = 40;
    private House house;

    @BeforeEach
    void open() {
        house = new House(
                ScriptedBackend::echo,
                c -> c.with(c.limits().withTimes(SHORT, SHORT, Duration.ofMinutes(2))),
                Map.of(),
                1);
    }

    @AfterEach
    void onlyTheTunnelIsLeft() {
        try (var client = house.client()) {
            client.send(RawClient.head("GET /app/ HTTP/1.1", "Host: app.example.test"));
            assertEquals(200, client.response().status());
        }
        House.await(() -> house.metric("edge_connections") <= 1);
        house.close();
    }

    @Test
    void slowHeadsOfHttp1AreToldAndClosed() {
        var clients = new ArrayList<RawClient>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(house.client().send("GET /app/ HTTP/1.1\r\nHost: app.example.test\r\nX-Slow: "));
        }
        for (RawClient client : clients) {
            assertEquals(408, client.response().status());
            client.untilEnd();
            client.close();
        }
    }

    /// A byte now and then does not begin the time anew: it runs from the first byte of the head.
    @Test
    void trickledHeadsEndAsSoon() throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (var client = house.client()) {
            client.send("GET /app/ HTTP/1.1\r\nHost: app.example.test\r\nX-Slow: ");
            Thread trickle = trickle(ended, () -> client.send("x"));
            assertTrue(client.untilEnd().startsWith("HTTP/1.1 408 "));
            ended.countDown();
            trickle.join();
        }
    }

    @Test
    void headsOfHttp2ThatNeverEndAreClosed() {
        var clients = new ArrayList<RawHttp2>();
        for (int i = 0; i < CLIENTS; i++) {
            var client = new RawHttp2(house);
            client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, client.block(RawHttp2.get("/app/")));
            clients.add(client);
        }
        for (RawHttp2 client : clients) {
            client.codeAtTheEnd();
            client.close();
        }
    }

    @Test
    void pingsKeepNoConnectionWithoutAStream() throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (var client = new RawHttp2(house)) {
            Thread trickle = trickle(ended, () -> client.frame(RawHttp2.PING, 0, 0, new byte[8]));
            assertEquals(0, client.codeAtTheEnd()); // NO_ERROR
            ended.countDown();
            trickle.join();
        }
    }

    @Test
    void aStreamThatIsOpenKeepsItsConnection() {
        house.close();
        var log = new ScriptedBackend.Log();
        house = new House(
                log.factory(() -> ScriptedBackend.manual(true)),
                c -> c.with(c.limits().withTimes(SHORT, SHORT, Duration.ofMinutes(2))),
                Map.of(),
                1);
        try (var client = new RawHttp2(house);
                var idle = new RawHttp2(house)) {
            client.headers(1, true, RawHttp2.get("/app/slow"));
            ScriptedBackend stream = log.next();
            idle.codeAtTheEnd(); // so the time is over for both
            ScriptedBackend.respond(stream.stream(), 200, "late");
            assertTrue(client.await(f -> f.type() == RawHttp2.DATA).isPresent());
            log.streams.clear();
        }
        house.close();
        house = House.open(ScriptedBackend::echo);
    }

    private static Thread trickle(CountDownLatch ended, Runnable send) {
        return Thread.ofVirtual().start(() -> {
            try {
                while (!ended.await(SHORT.toMillis() / 8, TimeUnit.MILLISECONDS)) {
                    send.run();
                }
            } catch (InterruptedException | java.io.UncheckedIOException e) {
                // closed: what is to be shown
            }
        });
    }

    /// Nothing here is special for one client: the bound is on each.
    @Test
    void silentConnectionsAreClosed() {
        var silent = new ArrayList<RawClient>();
        for (int i = 0; i < CLIENTS; i++) {
            silent.add(house.client());
        }
        assertEquals(
                List.of(""), silent.stream().map(RawClient::untilEnd).distinct().toList());
        silent.forEach(RawClient::close);
    }
}
