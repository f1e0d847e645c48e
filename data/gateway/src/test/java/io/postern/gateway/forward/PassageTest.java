package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.postern.domain.event.AccessEvent;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One request after the other through a real gateway and a real tunnel.
class PassageTest {
    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private Optional<House> house = Optional.empty();

    @AfterEach
    void close() {
        house.ifPresent(House::close);
    }

    private House house(java.util.function.Supplier<ScriptedBackend> backend) {
        House opened = House.open(log.factory(backend));
        house = Optional.of(opened);
        return opened;
    }

    private static String get(String path, String... fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: app.example.test\r\n" + String.join("", fields) + "\r\n";
    }

    @Test
    void answersWithWhatTheBackendSays() {
        try (var client = house(ScriptedBackend::echo).client()) {
            RawClient.Response response = client.send(get("/app/a/b?c=%2F;d")).response();
            assertEquals(200, response.status());
            assertEquals("GET /wiki/a/b?c=%2F;d ", response.body());
        }
    }

    @Test
    void namesTheBackendAndTheExchangeInside() {
        House h = house(ScriptedBackend::echo);
        try (var client = h.client()) {
            client.send(get("/app/")).response();
            ScriptedBackend stream = log.next();
            assertEquals(
                    "inside.corp:8080", stream.head.orElseThrow().authority().toString());
            assertEquals("http", stream.head.orElseThrow().scheme().toString());
            assertFalse(stream.field("postern-backend").isEmpty());
            AccessEvent event = h.event();
            assertEquals(event.exchange(), stream.field("postern-exchange"));
            assertEquals("forwarded", event.outcome());
            assertTrue(event.micros().done() >= event.micros().firstByte());
        }
    }

    @Test
    void keepsTheConnectionAndTheOrderOfPipelinedRequests() {
        try (var client = house(ScriptedBackend::echo).client()) {
            client.send(get("/app/1") + get("/app/2") + get("/app/3"));
            assertEquals("GET /wiki/1 ", client.response().body());
            assertEquals("GET /wiki/2 ", client.response().body());
            assertEquals("GET /wiki/3 ", client.response().body());
        }
    }

    /// No session to revoke, and yet it must not go on.
    @Test
    void cutsWhatIsOnItsWayToAnApplicationThatIsPublishedNoMore() {
        House h = house(() -> ScriptedBackend.manual(true));
        try (var client = h.client()) {
            client.send(get("/app/events"));
            log.next().head(new DefaultHttp2Headers().status("200"), false);
            client.skipHead();
            h.unpublish();
            assertEquals("revoked", h.event().outcome());
        }
    }

    @Test
    void streamsEachChunkAtOnce() {
        try (var client = house(() -> ScriptedBackend.manual(true)).client()) {
            client.send(get("/app/events"));
            ScriptedBackend stream = log.next();
            stream.head(new DefaultHttp2Headers().status("200").set("content-type", "text/event-stream"), false);
            assertEquals("HTTP/1.1 200 OK", client.line());
            client.skipHead();
            for (int i = 0; i < 3; i++) {
                stream.data("data: " + i + "\n\n", false);
                assertEquals("9", client.line());
                assertEquals("data: " + i + "\n\n", client.text(9));
                client.line();
            }
            stream.data("", true);
            assertEquals("0", client.line());
        }
    }

    @Test
    void carriesRequestBodyAndTrailersWhileTheyCome() {
        try (var client = house(ScriptedBackend::echo).client()) {
            client.send(RawClient.head(
                    "POST /app/up HTTP/1.1", "Host: app.example.test", "Transfer-Encoding: chunked", "Trailer: x-sum"));
            client.send("5\r\nhello\r\n");
            ScriptedBackend stream = log.next();
            House.await(() -> stream.body().equals("hello"));
            client.send("6\r\n world\r\n0\r\nx-sum: 1\r\npostern-subject: root\r\n\r\n");
            assertEquals("POST /wiki/up hello world", client.response().body());
            assertEquals("1", stream.trailers.orElseThrow().get("x-sum").toString());
            assertFalse(stream.trailers.orElseThrow().contains("postern-subject"));
        }
    }

    @Test
    void passesTrailersOfTheAnswer() {
        try (var client = house(() -> ScriptedBackend.manual(true)).client()) {
            client.send(get("/app/"));
            ScriptedBackend stream = log.next();
            stream.head(new DefaultHttp2Headers().status("200"), false);
            stream.data("body", false);
            stream.head(new DefaultHttp2Headers().set("x-sum", "7"), true);
            RawClient.Response response = client.response();
            assertEquals("body", response.body());
            assertEquals("7", response.headers().get("x-sum"));
        }
    }

    @Test
    void passesEarlyHints() {
        try (var client = house(() -> ScriptedBackend.manual(true)).client()) {
            client.send(get("/app/"));
            ScriptedBackend stream = log.next();
            stream.head(new DefaultHttp2Headers().status("103").set("link", "</s.css>"), false);
            assertEquals(103, client.response().status());
            stream.head(new DefaultHttp2Headers().status("204"), true);
            assertEquals(204, client.response().status());
        }
    }

    @Test
    void says100OnlyToWhoExpectsIt() {
        try (var client = house(ScriptedBackend::echo).client()) {
            client.send(RawClient.head(
                    "PUT /app/x HTTP/1.1", "Host: app.example.test", "Content-Length: 2", "Expect: 100-continue"));
            assertEquals(100, client.response().status());
            client.send("ok");
            assertEquals("PUT /wiki/x ok", client.response().body());
            assertEquals("", log.next().field("expect"));
        }
    }

    @Test
    void answersHeadWithTheLengthAndNoBody() {
        try (var client = house(() -> ScriptedBackend.manual(true)).client()) {
            client.send("HEAD /app/ HTTP/1.1\r\nHost: app.example.test\r\n\r\n");
            log.next().head(new DefaultHttp2Headers().status("200").set("content-length", "1234"), true);
            RawClient.Response response = client.response(true);
            assertEquals("1234", response.headers().get("content-length"));
            client.send(get("/app/next"));
            assertEquals("/wiki/next", log.next().head.orElseThrow().path().toString());
        }
    }

    /// The connector ends a stream that nobody reads while its memory is short (`NarrowStart`).
    @Test
    void aConnectorShortOfMemoryIsUnavailableAndNotBroken() {
        House h = house(() -> ScriptedBackend.manual(true));
        try (var client = h.client()) {
            client.send(get("/app/"));
            log.next().stream().reset(Http2Error.ENHANCE_YOUR_CALM);
            assertEquals(503, client.response().status());
            assertEquals("unavailable", h.event().outcome());
        }
    }

    @Test
    void cutsTheAnswerWhenTheBackendFailsInTheMiddle() {
        try (var client = house(() -> ScriptedBackend.manual(true)).client()) {
            client.send(get("/app/"));
            ScriptedBackend stream = log.next();
            stream.head(new DefaultHttp2Headers().status("200"), false);
            stream.data("half", false);
            client.skipHead();
            assertEquals("4", client.line());
            stream.stream().reset(Http2Error.INTERNAL_ERROR);
            assertFalse(client.untilEnd().contains("0\r\n\r\n"));
        }
    }

    @Test
    void tellsTheBackendThatTheClientIsGone() {
        House h = house(() -> ScriptedBackend.manual(true));
        ScriptedBackend stream;
        try (var client = h.client()) {
            client.send(get("/app/slow"));
            stream = log.next();
        }
        House.await(() -> stream.reset.isPresent());
        assertEquals(Http2Error.CANCEL.code(), stream.reset.orElseThrow());
        assertEquals("client_gone", h.event().outcome());
    }

    @Test
    void showsABadGatewayPageForWhatTheConnectorReports() {
        try (var client = house(() -> ScriptedBackend.manual(true)).client()) {
            client.send(get("/app/"));
            log.next()
                    .head(
                            new DefaultHttp2Headers()
                                    .status("502")
                                    .set("postern-failure", "connect")
                                    .set("x-inner", "inside.corp"),
                            true);
            RawClient.Response response = client.response();
            assertEquals(502, response.status());
            assertFalse(response.headers().containsKey("x-inner"));
            assertFalse(response.headers().containsKey("postern-failure"));
        }
    }

    @Test
    void triesAnotherTunnelWhenOneIsDraining() {
        var first = new java.util.concurrent.atomic.AtomicBoolean(true);
        House h = new House(
                log.factory(() -> new ScriptedBackend(
                        (s, c) -> {
                            if (first.getAndSet(false)) {
                                s.send(new DefaultHttp2HeadersFrame(
                                        new DefaultHttp2Headers().status("503").set("postern-failure", "draining"),
                                        true));
                            } else {
                                ScriptedBackend.respond(c, 200, "second");
                            }
                        },
                        (s, c) -> {},
                        true)),
                config -> config,
                java.util.Map.of(),
                2);
        house = Optional.of(h);
        try (var client = h.client()) {
            assertEquals("second", client.send(get("/app/")).response().body());
        }
    }

    @Test
    void saysGatewayTimeoutAtOnceWithoutAConnector() { // HA-6
        House h = new House(ScriptedBackend::echo, config -> config, java.util.Map.of(), 0);
        house = Optional.of(h);
        try (var client = h.client()) {
            assertEquals(504, client.send(get("/app/")).response().status());
        }
    }
}
