package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How requests spread over connectors with real tunnels (HA-1). Shares are drawn by lot, so the margins are wide.
class SpreadingTest {
    private static final String GET = RawClient.head("GET /app/ HTTP/1.1", "Host: app.example.test");
    private final ScriptedBackend.Log one = new ScriptedBackend.Log();
    private final ScriptedBackend.Log two = new ScriptedBackend.Log();
    private final House house = new House(ScriptedBackend::echo, config -> config, Map.of(), 0);

    @AfterEach
    void close() {
        house.close();
    }

    private static ScriptedBackend answering(long afterMillis) {
        return new ScriptedBackend(
                (s, c) -> {},
                (s, c) -> s.tunnel()
                        .eventLoop()
                        .schedule(() -> ScriptedBackend.respond(c, 200, "ok"), afterMillis, TimeUnit.MILLISECONDS),
                true);
    }

    private static ScriptedBackend unableToConnect() {
        return new ScriptedBackend(
                (s, c) -> s.head(new DefaultHttp2Headers().status("502").set("postern-failure", "connect"), true),
                (s, c) -> {},
                true);
    }

    /// Clients at once, each on a connection of its own, one request after the other.
    private void ask(int clients, int requestsEach) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < clients; i++) {
                all.add(threads.submit(() -> {
                    try (var client = house.client()) {
                        for (int n = 0; n < requestsEach; n++) {
                            assertEquals(200, client.send(GET).response().status());
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private double shareOfOne() {
        return one.streams.size() / (double) (one.streams.size() + two.streams.size());
    }

    private void assertShareOfOne(double atLeast, double atMost) {
        double share = shareOfOne();
        assertTrue(share >= atLeast && share <= atMost, () -> one.streams.size() + " and " + two.streams.size());
    }

    @Test
    void aConnectorWithMoreTunnelsGetsNoMoreThanItsLike() throws Exception {
        for (int i = 0; i < 4; i++) {
            house.join("one", one.factory(() -> answering(1)));
        }
        house.join("two", two.factory(() -> answering(1)));

        ask(4, 100);

        assertShareOfOne(0.35, 0.65);
    }

    @Test
    void aSlowConnectorGetsLess() throws Exception {
        house.join("one", one.factory(() -> answering(100)));
        house.join("two", two.factory(() -> answering(5)));

        ask(4, 100);

        assertShareOfOne(0, 0.2);
        assertTrue(one.streams.size() > 0, "it is asked now and then");
    }

    @Test
    void aConnectorThatFailsFastDrawsNoRequestsIntoItsFailure() throws Exception {
        house.join("one", one.factory(SpreadingTest::unableToConnect));
        house.join("two", two.factory(() -> answering(5)));

        ask(4, 100); // every one succeeds

        assertShareOfOne(0, 0.1);
    }

    @Test
    void manyWaitingRequestsAtOneLeadTheNextToTheOther() throws Exception {
        house.join("one", one.factory(() -> ScriptedBackend.manual(true))); // hangs
        house.join("two", two.factory(() -> answering(1)));
        var stuck = new ArrayList<RawClient>();
        while (one.streams.size() < 10) {
            stuck.add(askAndArrive());
        }
        for (int i = 0; i < 20; i++) {
            stuck.add(askAndArrive());
        }

        assertTrue(one.streams.size() <= 13, () -> one.streams.size() + " at the one that hangs");
        stuck.forEach(RawClient::close);
    }

    /// One request, when a connector has it: its like must be chosen knowing of it.
    private RawClient askAndArrive() {
        int before = one.streams.size() + two.streams.size();
        RawClient client = house.client();
        client.send(GET);
        House.await(() -> one.streams.size() + two.streams.size() > before);
        return client;
    }

    /// Connectors of many sites behind one address are no flood: only strangers are counted by address.
    @Test
    void aFleetBehindOneAddressIsLetIn() {
        int perAddress = 2;
        try (var open = new House(
                ScriptedBackend::echo,
                config -> config.with(config.limits().withConnections(100, perAddress, 100)),
                Map.of(),
                0)) {
            for (int i = 0; i < 5; i++) {
                open.join("p" + i, ScriptedBackend::echo);
            }
            try (var client = open.client()) {
                assertEquals(200, client.send(GET).response().status());
            }
        }
    }
}
