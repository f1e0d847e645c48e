package io.postern.gateway.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.postern.domain.event.ConnectorEvent;
import io.postern.domain.health.Probed;
import io.postern.domain.health.Verdict;
import io.postern.gateway.House;
import io.postern.gateway.ScriptedBackend;
import io.postern.tunnel.TunnelEnd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Probes through a real gateway and real tunnels; the connector's end follows a script.
class ProberTest {
    private static final ProbeSettings IMPATIENT =
            new ProbeSettings(Duration.ZERO, Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofMillis(50));

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private Optional<House> house = Optional.empty();

    @AfterEach
    void close() {
        house.ifPresent(House::close);
    }

    private House open(ProbeSettings settings, int tunnels, Supplier<ScriptedBackend> backend) {
        var opened = new House(log.factory(backend), config -> config.with(settings), Map.of(), tunnels);
        house = Optional.of(opened);
        return opened;
    }

    private Probed probe(Supplier<ScriptedBackend> backend) throws Exception {
        return probe(open(IMPATIENT, 1, backend));
    }

    private static Probed probe(House house) throws Exception {
        List<Probed> found = house.gateway
                .prober()
                .probe(Set.of(House.PATH))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertEquals(1, found.size());
        return found.getFirst();
    }

    private static Supplier<ScriptedBackend> answering(int status) {
        return () -> new ScriptedBackend((s, c) -> {}, (s, c) -> ScriptedBackend.respond(c, status, ""), true);
    }

    private static Supplier<ScriptedBackend> failing(String reason) {
        return () -> new ScriptedBackend(
                (s, c) -> {},
                (s, c) -> s.head(
                        new DefaultHttp2Headers()
                                .status("502")
                                .set("postern-failure", reason)
                                .set("postern-reason", "because of " + reason),
                        true),
                true);
    }

    @Test
    void asksAsAStrangerForTheInternalPath() throws Exception {
        Probed probed = probe(answering(200));

        ScriptedBackend stream = log.next();
        assertEquals("HEAD", String.valueOf(stream.head.orElseThrow().method()));
        assertEquals("/wiki/", String.valueOf(stream.head.orElseThrow().path()));
        assertEquals(
                "inside.corp:8080", String.valueOf(stream.head.orElseThrow().authority()));
        assertEquals("Postern-Probe/1", stream.field("user-agent"));
        assertEquals("200", stream.field("postern-probe"));
        assertEquals(probed.exchange(), stream.field("postern-exchange"));
        for (String field : List.of("cookie", "authorization", "x-forwarded-for")) {
            assertEquals("", stream.field(field));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 301, 302, 401, 403, 404, 429})
    void whatAnswersIsReachedWhateverItThinksOfStrangers(int status) throws Exception {
        Probed probed = probe(answering(status));

        assertEquals(Verdict.OK, probed.verdict());
        assertEquals(OptionalInt.of(status), probed.status());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void aServersErrorIsNoHealth(int status) throws Exception {
        Probed probed = probe(answering(status));

        assertEquals(Verdict.BAD_STATUS, probed.verdict());
        assertEquals(OptionalInt.of(status), probed.status());
    }

    @ParameterizedTest
    @ValueSource(ints = {405, 500, 501})
    void asksByGetWhereHeadIsNotWelcome(int statusOfHead) throws Exception {
        Probed probed = probe(() -> new ScriptedBackend(
                (s, c) -> {},
                (s, c) -> ScriptedBackend.respond(
                        c, "HEAD".contentEquals(s.head.orElseThrow().method()) ? statusOfHead : 200, ""),
                true));

        assertEquals(Verdict.OK, probed.verdict());
        assertEquals(OptionalInt.of(200), probed.status());
    }

    @ParameterizedTest
    @CsvSource({
        "resolve,RESOLVE",
        "connect,CONNECT",
        "connect-timeout,CONNECT_TIMEOUT",
        "tls,TLS",
        "first-byte-timeout,FIRST_BYTE_TIMEOUT",
        "backend-closed,BACKEND_CLOSED",
        "backend-protocol,PROTOCOL",
        "not-permitted,NOT_PERMITTED",
        "busy,BUSY",
        "draining,NOT_READY",
        "unknown-backend,NOT_READY",
        "of-a-later-version,NO_ANSWER"
    })
    void eachFailureHasItsOwnVerdict(String reason, Verdict expected) throws Exception {
        Probed probed = probe(failing(reason));

        assertEquals(expected, probed.verdict());
        assertEquals(OptionalInt.empty(), probed.status());
        assertTrue(probed.detail().contains(reason), probed.detail());
    }

    /// Half-open the other way: the connector takes the request and neither answers nor fails.
    @Test
    void aConnectorThatSaysNothingIsFoundOut() throws Exception {
        assertEquals(
                Verdict.NO_ANSWER, probe(() -> ScriptedBackend.manual(true)).verdict());
    }

    @Test
    void aConnectorThatResetsIsNoAnswer() throws Exception {
        Probed probed =
                probe(() -> new ScriptedBackend((s, c) -> {}, (s, c) -> c.reset(Http2Error.INTERNAL_ERROR), true));

        assertEquals(Verdict.NO_ANSWER, probed.verdict());
    }

    @Test
    void takesAnotherTunnelWhenOneEndsDuringTheProbe() throws Exception {
        var streams = new AtomicInteger();
        House opened = open(
                IMPATIENT,
                2,
                () -> new ScriptedBackend(
                        (s, c) -> {},
                        (s, c) -> {
                            if (streams.incrementAndGet() == 1) {
                                s.tunnel().close(TunnelEnd.of(TunnelEnd.Cause.LOST));
                            } else {
                                ScriptedBackend.respond(c, 200, "");
                            }
                        },
                        true));

        assertEquals(Verdict.OK, probe(opened).verdict());
        assertEquals(2, streams.get());
    }

    @Test
    void withoutATunnelThereIsNoTunnel() throws Exception {
        House opened = open(IMPATIENT, 1, answering(200));
        opened.loseTunnels();
        House.await(() -> opened.gateway.prober().loads().isEmpty());

        assertEquals(Verdict.NO_TUNNEL, probe(opened).verdict());
    }

    @Test
    void whatIsNotPublishedIsNotProbed() throws Exception {
        House opened = open(IMPATIENT, 1, answering(200));
        opened.unpublish();

        assertTrue(opened.gateway
                .prober()
                .probe(Set.of(House.PATH))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .isEmpty());
    }

    @Test
    void tellsOfABodyThatItDoesNotWant() throws Exception {
        Probed probed = probe(() -> new ScriptedBackend(
                (s, c) -> {}, (s, c) -> ScriptedBackend.respond(c, 500, "the stack trace, a megabyte long"), true));

        assertEquals(Verdict.BAD_STATUS, probed.verdict());
        log.next();
        ScriptedBackend get = log.next();
        House.await(() -> get.reset.isPresent() || get.ended);
    }

    @Test
    void probesAgainAndAgainByItself() throws Exception {
        House opened = open(IMPATIENT.with(Duration.ofMillis(100), IMPATIENT.limit()), 1, answering(200));

        for (int i = 0; i < 3; i++) {
            Probed probed = next(opened, ConnectorEvent.PathProbed.class).probed();
            assertEquals(Verdict.OK, probed.verdict());
            assertEquals(House.PATH, probed.path());
            assertFalse(probed.isStale(probed.time().plusMillis(300)));
            assertTrue(probed.isStale(probed.time().plusMillis(301)));
        }
    }

    @Test
    void countsWhatConnectorsCarry() {
        House opened = open(IMPATIENT, 2, answering(200));

        assertEquals(
                2, opened.gateway.prober().loads().values().iterator().next().tunnels());
    }

    @Test
    void asksConnectorsHowTheyAre() throws Exception {
        House opened = open(IMPATIENT, 1, answering(200));

        ConnectorEvent.Reported reported = next(opened, ConnectorEvent.Reported.class);

        assertEquals(House.PATH.connector(), reported.connector());
        assertTrue(reported.report().processors() >= 1);
    }

    private static <E extends ConnectorEvent> E next(House house, Class<E> kind) throws InterruptedException {
        while (true) {
            ConnectorEvent event = house.connectorEvents.poll(10, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no " + kind.getSimpleName() + " within 10 s");
            }
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }
}
