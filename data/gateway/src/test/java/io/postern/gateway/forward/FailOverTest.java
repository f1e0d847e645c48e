package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.postern.domain.event.AccessEvent;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.dial.DialledTunnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a request whose connector fails, through a real gateway and real tunnels: it is sent again
/// where that is safe, and else its client is told (docs/decisions/2026-11-21-spreading-and-retries.md).
class FailOverTest {
    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private final House house = new House(ScriptedBackend::echo, config -> config, Map.of(), 0);
    private final List<DialledTunnel> tunnels = new ArrayList<>();

    @AfterEach
    void close() {
        House.await(() -> house.metric("tunnel_exchanges_waiting") == 0); // whatever became of them
        house.close();
    }

    /// Processes of a connector, one tunnel each, that leave every answer to the test.
    private RawClient client(int processes) {
        for (int i = 0; i < processes; i++) {
            tunnels.add(house.join("p" + i, log.factory(() -> ScriptedBackend.manual(true))));
        }
        House.await(() -> house.metric("tunnels_open") == processes);
        return house.client();
    }

    /// The connector's own answer.
    private static void report(ScriptedBackend stream, String failure) {
        stream.head(new DefaultHttp2Headers().status("502").set("postern-failure", failure), true);
    }

    private static void answer(ScriptedBackend stream, String text) {
        stream.head(new DefaultHttp2Headers().status("200").setInt("content-length", text.length()), false);
        stream.data(text, true);
    }

    private static void reset(ScriptedBackend stream, Http2Error error) {
        stream.stream().reset(error);
    }

    /// The connector cuts its tunnel with everything in it.
    private static void lose(ScriptedBackend stream) {
        stream.tunnel().close(TunnelEnd.of(TunnelEnd.Cause.DEAD));
    }

    private static String request(String method, String... fields) {
        var lines = new ArrayList<>(List.of(method + " /app/x HTTP/1.1", "Host: app.example.test"));
        lines.addAll(List.of(fields));
        return RawClient.head(lines.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, busy",
        "POST, busy",
        "POST, connect",
        "GET, connect-timeout",
        "DELETE, resolve",
        "PATCH, tls",
        "GET, not-permitted",
        "POST, draining",
        "GET, unknown-backend"
    })
    void anotherConnectorIsAskedWhereNothingReachedTheBackend(String method, String failure) { // HA-2
        try (var client = client(2)) {
            client.send(request(method, "Content-Length: 0"));
            ScriptedBackend first = log.next();
            report(first, failure);
            ScriptedBackend second = log.next();
            assertNotEquals(first.tunnel(), second.tunnel());
            assertEquals(first.field("postern-exchange"), second.field("postern-exchange"));
            answer(second, "second");

            assertEquals("second", client.response().body());
        }
        House.await(() -> house.metric("exchange_retries", failure) == 1);
    }

    @ParameterizedTest
    @CsvSource({
        "connect, 502, bad_gateway",
        "connect-timeout, 502, bad_gateway",
        "resolve, 502, bad_gateway",
        "tls, 502, bad_gateway",
        "not-permitted, 502, bad_gateway",
        "busy, 503, overloaded",
        "draining, 504, gateway_timeout",
        "of-a-later-version, 502, bad_gateway",
        "first-byte-timeout, 504, backend_timeout",
        "backend-closed, 502, bad_gateway",
        "backend-protocol, 502, bad_gateway"
    })
    void theClientIsToldWhatTheLastConnectorReported(String failure, int status, String outcome) {
        try (var client = client(1)) {
            client.send(request("GET", "Accept: text/html"));
            report(log.next(), failure);
            RawClient.Response response = client.response();
            AccessEvent event = house.event();
            assertEquals(status, response.status());
            assertEquals(outcome, event.outcome());
            assertTrue(response.body().contains(event.exchange()), "the page shows the id that the log has");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"first-byte-timeout", "backend-closed", "backend-protocol", "of-a-later-version"})
    void whatTheBackendMayHaveDoneIsNotDoneAgain(String failure) {
        try (var client = client(2)) {
            client.send(request("GET"));
            report(log.next(), failure);
            assertTrue(client.response().status() >= 502);
        }
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void threeAttemptsAreMadeAtMost() {
        try (var client = client(5)) {
            client.send(request("GET"));
            report(log.next(), "busy");
            report(log.next(), "busy");
            report(log.next(), "busy");
            RawClient.Response response = client.response();
            assertEquals(503, response.status());
            assertTrue(response.headers().containsKey("retry-after"));
        }
        assertTrue(log.streams.isEmpty());
        House.await(() -> house.metric("exchange_retries") == 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
    void anIdempotentRequestOutlivesItsConnector(String method) {
        try (var client = client(2)) {
            client.send(request(method, "Content-Length: 0"));
            lose(log.next());
            answer(log.next(), "");
            assertEquals(200, client.response(true).status());
        }
        House.await(() -> house.metric("exchange_retries", "connector_lost") == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void whatMayHaveBeenDoneAlreadyIsNotSentTwice(String method) {
        try (var client = client(2)) {
            client.send(request(method, "Content-Length: 0", "Accept: application/json"));
            lose(log.next());
            RawClient.Response response = client.response();
            assertEquals(502, response.status());
            AccessEvent event = house.event();
            assertEquals("connector_lost", event.outcome());
            assertTrue(response.body().contains("\"connector_lost\""), response.body());
            assertTrue(response.body().contains(event.exchange()));
        }
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void aRequestWhoseBodyHasBegunIsNotSentTwice() {
        try (var client = client(2)) {
            client.send(request("PUT", "Content-Length: 10") + "half");
            ScriptedBackend first = log.next();
            House.await(() -> first.received.get() == 4);
            lose(first);
            assertEquals(502, client.response().status());
        }
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void aRequestWhoseBodyHasNotBegunIsSentAgain() {
        try (var client = client(2)) {
            client.send(request("POST", "Content-Length: 4", "Expect: 100-continue"));
            ScriptedBackend first = log.next();
            assertEquals(100, client.response(true).status());
            reset(first, Http2Error.REFUSED_STREAM);
            ScriptedBackend second = log.next();
            client.send("body");
            House.await(() -> second.body().equals("body"));
            answer(second, "done");
            assertEquals("done", client.response().body());
        }
    }

    @Test
    void anAnswerThatHasBegunIsCutAndNotBegunAgain() {
        try (var client = client(2)) {
            client.send(request("GET"));
            ScriptedBackend first = log.next();
            first.head(new DefaultHttp2Headers().status("200"), false);
            client.skipHead();
            lose(first);
            assertFalse(client.untilEnd().contains("0\r\n\r\n"));
        }
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void aRequestWhoseClientHasHeardOfTheBackendIsNotSentTwice() {
        try (var client = client(2)) {
            client.send(request("GET"));
            ScriptedBackend first = log.next();
            first.head(new DefaultHttp2Headers().status("103").set("link", "</a.css>; rel=preload"), false);
            assertEquals(103, client.response(true).status());
            lose(first);
            assertEquals(502, client.response().status());
        }
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void aWebSocketIsOpenedElsewhereBeforeItWasAnsweredAndNeverAfter() {
        try (var client = client(3)) {
            client.send(request(
                    "GET",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            lose(log.next());
            ScriptedBackend second = log.next();
            second.head(new DefaultHttp2Headers().status("200"), false);
            assertEquals(101, client.response(true).status());
            lose(second);
            client.untilEnd(); // cut
        }
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void theClientThatGoesAwayIsForgottenByItsConnector() {
        ScriptedBackend stream;
        try (var client = client(2)) {
            client.send(request("GET"));
            stream = log.next();
        }
        House.await(() -> stream.reset.isPresent());
        assertEquals("client_gone", house.event().outcome());
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void oneConnectorThatStopsLeavesTheOtherWithEverything() { // HA-4
        try (var client = client(2)) {
            tunnels.getFirst().close(TunnelEnd.of(TunnelEnd.Cause.STOPPED));
            House.await(() -> house.metric("tunnels_open") == 1);
            for (int i = 0; i < 20; i++) {
                client.send(request("GET"));
                answer(log.next(), "ok");
                assertEquals("ok", client.response().body());
            }
        }
        House.await(() -> house.metric("exchange_retries") == 0);
    }
}
