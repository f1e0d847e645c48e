package io.postern.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.domain.PreAuthentication;
import io.postern.domain.event.AccessEvent;
import io.postern.domain.event.Cause;
import io.postern.domain.health.Verdict;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Maintenance mode (1.2): nobody gets in, what is open ends, and the administrator still sees health.
class MaintenanceTest {
    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private Optional<House> house = Optional.empty();

    private House open() {
        House opened = House.open(log.factory(() -> ScriptedBackend.manual(true)));
        house = Optional.of(opened);
        return opened;
    }

    @AfterEach
    void close() {
        house.ifPresent(House::close);
    }

    @Test
    void tellsWhichApplicationIsUnderMaintenance() {
        House h = open();
        h.maintain();
        try (var client = h.client()) {
            client.send(RawClient.head("GET /app/ HTTP/1.1", "Host: app.example.test", "Accept: text/html"));
            RawClient.Response response = client.response();
            assertEquals(503, response.status());
            assertTrue(response.body().contains("under maintenance"), response.body());
            assertTrue(response.body().contains("“wiki”") || response.body().contains("wiki"), response.body());
            int retry = Integer.parseInt(response.headers().get("retry-after"));
            assertTrue(retry >= 60 && retry < 120, "some minutes, not the same for all: " + retry);
            AccessEvent event = h.event();
            assertEquals(Optional.of(Cause.MAINTENANCE), event.cause());
            assertTrue(log.streams.isEmpty(), "nothing reaches the backend");
        }
    }

    @Test
    void endsWhatIsOpen() {
        House h = open();
        try (var client = h.client()) {
            client.send(RawClient.head("GET /app/events HTTP/1.1", "Host: app.example.test"));
            ScriptedBackend stream = log.next();
            stream.head(new DefaultHttp2Headers().status("200"), false);
            client.skipHead();
            h.maintain();
            House.await(() -> stream.reset.isPresent());
            assertEquals(Optional.of(Cause.REVOKED), h.event().cause());
        }
    }

    @Test
    void healthProbesGoOn() throws Exception {
        House h = open();
        h.maintain();
        var probed = h.gateway.prober().probe(Set.of(House.PATH)).toCompletableFuture();
        log.next().head(new DefaultHttp2Headers().status("200"), true);
        probed.get(10, java.util.concurrent.TimeUnit.SECONDS);
        House.await(() -> h.connectorEvents.stream()
                .anyMatch(e -> e instanceof io.postern.domain.event.ConnectorEvent.PathProbed p
                        && p.probed().verdict() == Verdict.OK));
    }

    @Test
    void opensAgain() {
        House h = open();
        h.maintain();
        h.publish(House.application(PreAuthentication.PASSTHROUGH));
        try (var client = h.client()) {
            client.send(RawClient.head("GET /app/ HTTP/1.1", "Host: app.example.test"));
            log.next().head(new DefaultHttp2Headers().status("204"), true);
            assertEquals(204, client.response().status());
        }
    }
}
