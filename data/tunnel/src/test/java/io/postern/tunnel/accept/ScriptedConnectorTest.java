package io.postern.tunnel.accept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.concurrent.Future;
import io.postern.net.DeafListener;
import io.postern.net.Http2Codecs;
import io.postern.net.Loops;
import io.postern.net.WindowBudget;
import io.postern.tunnel.BackendList;
import io.postern.tunnel.ConnectorStatus;
import io.postern.tunnel.Ends;
import io.postern.tunnel.GoAway;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelEnd.Cause;
import io.postern.tunnel.TunnelJson;
import io.postern.tunnel.TunnelRefusal;
import io.postern.tunnel.Wire;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The gateway end against connectors that follow a script (docs/protocol/tunnel.md §2 to §5).
class ScriptedConnectorTest implements TunnelListener {
    private static final String HELLO = "200 "
            + new String(
                    TunnelJson.write(new HelloAnswer(1, "1.0", "machine", "Linux", Instant.EPOCH)),
                    StandardCharsets.UTF_8);

    private final Wire wire = new Wire();
    private final List<Tunnel> opened = new ArrayList<>();
    private final List<TunnelEnd> ended = new ArrayList<>();
    private final Loops loops = Loops.open("unused", 1);
    private BackendList backends = BackendList.of(1, List.of(Ends.WIKI));
    private TunnelAcceptor acceptor;

    @BeforeEach
    void accept() {
        acceptor = new TunnelAcceptor(
                new AcceptorSettings("n", "v", Duration.ofSeconds(5), Duration.ofSeconds(10), 1 << 29),
                loops,
                new WindowBudget(0),
                fingerprint -> Optional.of(new ConnectorIdentity("c1", "g", true)),
                "c1"::equals,
                group -> backends,
                this);
    }

    @AfterEach
    void stop() {
        wire.stop();
        loops.close(Duration.ZERO);
    }

    @Test
    void doesNothingBeforeTheConnectorsSettings() {
        acceptor.accept(wire.tested, "f");
        wire.tested.runPendingTasks();

        assertTrue(opened.isEmpty());
    }

    @Test
    void opensWhenTheHelloIsAnswered() {
        run(line -> line.equals("POST /hello") ? HELLO : "204");

        assertEquals(List.of("POST /hello", "PUT /backends"), wire.requests);
        assertEquals(1, opened.size());
        assertTrue(opened.getFirst().serves(Ends.WIKI.id()));
    }

    @Test
    void doesNotUseABackendBeforeItsAcknowledgement() {
        run(line -> line.equals("POST /hello") ? HELLO : "");

        assertEquals(1, opened.size());
        assertFalse(opened.getFirst().serves(Ends.WIKI.id()));
    }

    @Test
    void stopsUsingABackendBeforeTheConnectorHearsOfIt() {
        run(line -> line.equals("POST /hello") ? HELLO : "204");

        backends = BackendList.of(2, List.of());
        acceptor.onBackendsChanged();
        wire.tested.runPendingTasks();

        assertFalse(opened.getFirst().serves(Ends.WIKI.id()));
    }

    @ParameterizedTest
    @CsvSource({
        "'426 {\"protocols\":[2]}',VERSION",
        "500,PROTOCOL",
        "'200 nonsense',PROTOCOL",
        "'200 {\"protocol\":1}',PROTOCOL",
        "'200 {\"protocol\":2,\"version\":\"1\",\"machineName\":\"m\",\"os\":\"o\",\"startedAt\":\"2026-01-01T00:00:00Z\"}',VERSION"
    })
    void refusesAConnectorThatAnswersTheHelloOddly(String answer, Cause expected) {
        run(line -> answer);

        assertEquals(expected, ended.getFirst().cause());
        assertFalse(wire.tested.isOpen());
        assertTrue(opened.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"400", "200", "500"})
    void closesATunnelThatDoesNotTakeItsBackends(String answer) {
        run(line -> line.equals("POST /hello") ? HELLO : answer);

        assertEquals(Cause.PROTOCOL, ended.getFirst().cause());
        assertFalse(wire.tested.isOpen());
    }

    @Test
    void givesUpOnAConnectorThatNeverAnswers() {
        run(line -> "");

        wire.peer.writeOutbound(); // keep-alive would speak first
        wire.pass(9_000);
        wire.turn();
        wire.pass(1_001);

        assertEquals(Cause.HELLO_TIMEOUT, ended.getFirst().cause());
    }

    @Test
    void refusesAConnectorWithoutExtendedConnect() {
        acceptor.accept(wire.tested, "f");
        Http2Codecs.installTunnelServer(
                wire.peer.pipeline(), new WindowBudget(0), 10, new Http2MultiplexHandler(wire.new Answers(line -> "")));
        wire.peer.releaseOutbound();
        wire.peer.writeOutbound(new DefaultHttp2SettingsFrame(Http2Settings.defaultSettings()));
        wire.turn();

        assertEquals(Cause.PROTOCOL, ended.getFirst().cause());
    }

    @Test
    void aConnectorThatFallsSilentIsAskedThenGivenUp() {
        run(line -> line.equals("POST /hello") ? HELLO : "204");

        wire.pass(5_000);
        assertEquals(1, wire.tested.outboundMessages().size(), "one PING");
        wire.pass(4_999);
        assertTrue(wire.tested.isOpen());
        wire.pass(1);

        assertEquals(Cause.DEAD, ended.getFirst().cause());
        assertFalse(wire.tested.isOpen());
    }

    @Test
    void aConnectorThatAnswersPingsLives() {
        run(line -> line.equals("POST /hello") ? HELLO : "204");

        for (int i = 0; i < 20; i++) {
            wire.pass(5_000);
            wire.turn();
        }

        assertTrue(wire.tested.isOpen());
    }

    @Test
    void aConnectorThatOwesAnAnswerIsSuspectUntilAQuickOne() {
        run(line -> line.equals("POST /hello") ? HELLO : "204");
        Tunnel tunnel = opened.getFirst();

        wire.pass(5_000);
        wire.pass(1_000);
        assertFalse(tunnel.isSuspect());
        wire.pass(1);
        assertTrue(tunnel.isSuspect());
        assertTrue(tunnel.isOpen(), "it may do where nobody else is");

        wire.turn(); // answered, late
        assertTrue(tunnel.isSuspect());
        wire.pass(5_000);
        wire.turn();
        assertFalse(tunnel.isSuspect());
    }

    @Test
    void aRequestAfterSilenceAsksForASignOfLife() {
        run(line -> line.equals("POST /hello") ? HELLO : "204");
        Tunnel tunnel = opened.getFirst();

        wire.pass(999);
        tunnel.openStream(DeafListener.INSTANCE);
        assertEquals(0, wire.tested.outboundMessages().size(), "something was heard just now");
        wire.pass(1);
        tunnel.openStream(DeafListener.INSTANCE);
        tunnel.openStream(DeafListener.INSTANCE);
        assertEquals(1, wire.tested.outboundMessages().size(), "one PING");
        wire.pass(1_001);

        assertTrue(tunnel.isSuspect());
    }

    @Test
    void tellsHowTheConnectorIs() {
        run(line -> switch (line) {
            case "POST /hello" -> HELLO;
            case "GET /status" ->
                "200 {\"time\":\"2026-01-01T00:00:00Z\",\"host\":{\"processors\":4,\"machineBusy\":0.5,\"openFiles\":12},"
                        + "\"work\":{\"exchanges\":3,\"webSockets\":2,\"waiting\":1,\"requestBytes\":10,\"responseBytes\":20}}";
            default -> "204";
        });

        Future<ConnectorStatus> asked = opened.getFirst().status();
        wire.turn();

        assertEquals(4, asked.getNow().host().processors());
        assertEquals(OptionalDouble.of(0.5), asked.getNow().host().machineBusy());
        assertEquals(OptionalLong.of(12), asked.getNow().host().openFiles());
        assertEquals(OptionalLong.empty(), asked.getNow().host().openFilesMax(), "not told");
        assertEquals(new ConnectorStatus.Work(3, 2, 1, 10, 20), asked.getNow().work());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "404",
                "500 {}",
                "200 nonsense",
                "200 {}",
                "200 {\"time\":\"2026-01-01T00:00:00Z\",\"host\":{\"processors\":1},\"work\":null}",
                "200 {\"time\":\"2026-01-01T00:00:00Z\",\"host\":7,\"work\":[]}",
                "200 {\"time\":\"2026-01-01T00:00:00Z\",\"host\":{\"processors\":1,\"machineBusy\":-1},\"work\":{\"exchanges\":0,"
                        + "\"webSockets\":0,\"waiting\":0,\"requestBytes\":0,\"responseBytes\":0}}",
                "200 {\"time\":\"2026-01-01T00:00:00Z\",\"host\":{\"processors\":1,\"openFiles\":\"many\"},\"work\":{\"exchanges\":0,"
                        + "\"webSockets\":0,\"waiting\":0,\"requestBytes\":0,\"responseBytes\":0}}",
            })
    void outlivesAConnectorThatTellsNonsenseOfItself(String answer) {
        run(line -> switch (line) {
            case "POST /hello" -> HELLO;
            case "GET /status" -> answer;
            default -> "204";
        });

        Future<ConnectorStatus> asked = opened.getFirst().status();
        wire.turn();

        assertTrue(asked.cause() instanceof TunnelRefusal, String.valueOf(asked.cause()));
        assertTrue(opened.getFirst().isOpen());
        assertTrue(opened.getFirst().serves(Ends.WIKI.id()));
    }

    @Test
    void outlivesAConnectorThatDoesNotSayHowItIs() {
        run(line -> switch (line) {
            case "POST /hello" -> HELLO;
            case "GET /status" -> "";
            default -> "204";
        });

        Future<ConnectorStatus> asked = opened.getFirst().status();
        for (int i = 0; i < 3; i++) {
            wire.turn();
            wire.pass(4_000);
        }

        assertTrue(asked.cause() instanceof TunnelRefusal, String.valueOf(asked.cause()));
        assertTrue(opened.getFirst().isOpen());
    }

    @Test
    void goAwayEndsNewStreams() {
        run(line -> line.equals("POST /hello") ? HELLO : "204");
        var held = opened.getFirst().openStream(DeafListener.INSTANCE);

        wire.peer.writeOutbound(GoAway.drainSoon());
        wire.turn();

        assertFalse(opened.getFirst().isOpen());
        assertFalse(opened.getFirst().openStream(DeafListener.INSTANCE).isSuccess());
        assertTrue(wire.tested.isOpen());
        held.getNow().reset(Http2Error.CANCEL);
        wire.turn();
        assertEquals(Cause.PEER_DRAINED, ended.getFirst().cause());
    }

    @Test
    void noMoreStreamsThanTheConnectorAllows() {
        run(line -> line.equals("POST /hello") ? HELLO : "204");
        for (int i = 0; i < 10; i++) {
            assertTrue(opened.getFirst().openStream(DeafListener.INSTANCE).isSuccess());
        }

        assertFalse(opened.getFirst().isOpen());
        assertFalse(opened.getFirst().openStream(DeafListener.INSTANCE).isSuccess());
    }

    /// Seeded: a connector that sends damaged frames loses its connection at most; nothing is thrown and no
    /// other tunnel notices.
    @Test
    void damagedFramesCloseOneConnectionOnly() {
        var random = new Random(7);
        for (int i = 0; i < 300; i++) {
            var bad = new Wire();
            acceptor.accept(bad.tested, "f");
            Http2Codecs.installTunnelServer(
                    bad.peer.pipeline(),
                    new WindowBudget(0),
                    10,
                    new Http2MultiplexHandler(bad.new Answers(line -> line.equals("POST /hello") ? HELLO : "204")));
            bad.peer.pipeline().addLast(Wire.unmoved());
            for (int turns = 0; turns < 6; turns++) {
                bad.tested.runPendingTasks();
                bad.peer.runPendingTasks();
                for (ByteBuf bytes; (bytes = bad.tested.readOutbound()) != null; ) {
                    if (bad.peer.isOpen()) {
                        bad.peer.writeInbound(bytes);
                    } else {
                        bytes.release();
                    }
                }
                for (ByteBuf bytes; (bytes = bad.peer.readOutbound()) != null; ) {
                    ByteBuf damaged = Unpooled.copiedBuffer(bytes);
                    bytes.release();
                    for (int flips = random.nextInt(3); flips > 0 && damaged.isReadable(); flips--) {
                        damaged.setByte(random.nextInt(damaged.readableBytes()), random.nextInt());
                    }
                    if (bad.tested.isOpen()) {
                        bad.tested.writeInbound(damaged);
                    } else {
                        damaged.release();
                    }
                }
            }
            bad.stop();
        }
        opened.clear();

        run(line -> line.equals("POST /hello") ? HELLO : "204");

        assertEquals(1, opened.size());
        assertEquals(List.of(opened.getFirst()), acceptor.registry().all());
    }

    private void run(Function<String, String> script) {
        acceptor.accept(wire.tested, "f");
        Http2Codecs.installTunnelServer(
                wire.peer.pipeline(), new WindowBudget(0), 10, new Http2MultiplexHandler(wire.new Answers(script)));
        wire.turn();
    }

    @Override
    public void onOpened(Tunnel tunnel) {
        opened.add(tunnel);
    }

    @Override
    public void onClosed(Tunnel tunnel, TunnelEnd why) {
        ended.add(why);
    }

    @Override
    public void onRefused(SocketAddress remote, Optional<X509Certificate> certificate, TunnelEnd why) {
        ended.add(why);
    }
}
