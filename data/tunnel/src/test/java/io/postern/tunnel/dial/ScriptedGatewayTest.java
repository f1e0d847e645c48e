package io.postern.tunnel.dial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.concurrent.Future;
import io.postern.net.DeafListener;
import io.postern.net.Http2Codecs;
import io.postern.net.WindowBudget;
import io.postern.tunnel.BackendList;
import io.postern.tunnel.Ends;
import io.postern.tunnel.GoAway;
import io.postern.tunnel.Hello;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelEnd.Cause;
import io.postern.tunnel.TunnelJson;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.TunnelRefusal;
import io.postern.tunnel.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The connector end against gateways that follow a script (docs/protocol/tunnel.md §2 to §5).
class ScriptedGatewayTest {
    private static final byte[] HELLO = TunnelJson.write(new Hello(1, "n", "c1", 0, 2, Duration.ofSeconds(5), "v"));

    private Wire wire = new Wire();
    private ServedTunnel tunnel;
    private Future<DialledTunnel> registered;
    private int exchanges;

    @BeforeEach
    void dial() {
        tunnel = new ServedTunnel(
                wire.tested,
                new DialSettings(Duration.ofSeconds(15), 100),
                () -> new HelloAnswer(1, "1.0", "m", "o", Instant.EPOCH),
                (any, stream) -> {
                    exchanges++;
                    return DeafListener.INSTANCE;
                });
        registered = tunnel.start(new WindowBudget(0));
        Http2Codecs.installTunnelClient(
                wire.peer.pipeline(), new WindowBudget(0), new Http2MultiplexHandler(Wire.deaf()));
        wire.turn();
    }

    @AfterEach
    void stop() {
        wire.stop();
    }

    @Test
    void answersTheHello() {
        Wire.Collected answer = send("POST", "/hello", HELLO);

        assertEquals("200", answer.status);
        assertEquals("c1", registered.getNow().hello().connector());
        assertFalse(tunnel.ready().isDone());
    }

    @Test
    void refusesAVersionItDoesNotSpeakAndNamesItsOwn() {
        Wire.Collected answer = send("POST", "/hello", json("{\"protocol\":9,\"future\":true}"));

        assertEquals("426", answer.status);
        assertEquals("{\"protocols\":[1]}", answer.body.toString());
        assertEquals(Cause.VERSION, refusal().cause());
        assertFalse(wire.tested.isOpen());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"protocol\":1}",
                "{\"protocol\":1,\"protocol\":1}",
                "{\"protocol\":\"1\"}",
                "{\"protocol\":1,\"node\":\"n\",\"connector\":\"c\",\"lane\":5,\"lanes\":2,\"keepAliveMillis\":5000,\"serviceVersion\":\"v\"}"
            })
    void closesOnAMalformedHello(String hello) {
        assertEquals("400", send("POST", "/hello", json(hello)).status);
        assertEquals(Cause.PROTOCOL, refusal().cause());
    }

    @Test
    void closesOnASecondHello() {
        send("POST", "/hello", HELLO);
        send("POST", "/hello", HELLO);

        assertEquals(Cause.PROTOCOL, tunnel.closed().getNow().cause());
    }

    @Test
    void closesOnBackendsBeforeTheHello() {
        assertEquals("400", send("PUT", "/backends", backends()).status);

        assertEquals(Cause.PROTOCOL, refusal().cause());
    }

    @Test
    void closesOnAnExchangeBeforeTheHello() {
        exchange();

        assertEquals(Cause.PROTOCOL, refusal().cause());
        assertEquals(0, exchanges);
    }

    @Test
    void keepsTheLatestBackends() {
        send("POST", "/hello", HELLO);

        assertEquals("204", send("PUT", "/backends", backends()).status);

        assertTrue(tunnel.ready().isSuccess());
        assertEquals(Ends.WIKI, tunnel.backends().backend("b1").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"revision\":1,\"backends\":{}}",
                "{\"revision\":1,\"backends\":[{\"id\":\"b\"}]}",
                "{\"revision\":1,\"backends\":[{\"id\":\"b\",\"scheme\":\"file\",\"host\":\"h\",\"port\":80,\"validateCertificate\":true,\"firstByteMillis\":1,\"webSocketIdleMillis\":1}]}",
                "{\"revision\":1,\"backends\":[{\"id\":\"b\",\"scheme\":\"http\",\"host\":\"h\",\"port\":0,\"validateCertificate\":true,\"firstByteMillis\":1,\"webSocketIdleMillis\":1}]}"
            })
    void closesOnMalformedBackendsAndNeverUsesHalfOfThem(String list) {
        send("POST", "/hello", HELLO);

        assertEquals("400", send("PUT", "/backends", json(list)).status);

        assertEquals(BackendList.EMPTY, tunnel.backends());
        assertEquals(Cause.PROTOCOL, tunnel.closed().getNow().cause());
    }

    @Test
    void closesOnAControlBodyAboveTheLimit() {
        send("POST", "/hello", HELLO);

        Wire.Collected answer = send("PUT", "/backends", new byte[TunnelProtocol.CONTROL_BODY_BYTES_MAX + 1]);

        assertEquals("413", answer.status);
        assertFalse(wire.tested.isOpen());
    }

    @Test
    void anUnknownControlMessageIsNoFault() {
        send("POST", "/hello", HELLO);

        assertEquals("404", send("POST", "/later", json("{}")).status);
        assertTrue(wire.tested.isOpen());
    }

    @Test
    void givesUpOnAGatewayThatSaysNoHello() {
        wire.pass(9_999);
        wire.turn();
        wire.pass(5_001);

        assertEquals(Cause.HELLO_TIMEOUT, refusal().cause());
    }

    @Test
    void aGatewayThatFallsSilentIsGivenUpByTheAgreedTime() {
        send("POST", "/hello", HELLO);

        wire.pass(5_000);
        wire.pass(4_999);
        assertTrue(wire.tested.isOpen());
        wire.pass(1);

        assertEquals(Cause.DEAD, tunnel.closed().getNow().cause());
    }

    @Test
    void aGatewayThatGivesNoSignOfLifeWhenAskedIsGivenUpBeforeItsTime() {
        send("POST", "/hello", HELLO);

        tunnel.prove(Duration.ofSeconds(2));
        wire.pass(1_999);
        assertTrue(wire.tested.isOpen());
        wire.pass(1);

        assertEquals(Cause.DEAD, tunnel.closed().getNow().cause());
    }

    @Test
    void aSignOfLifeKeepsTheTunnel() {
        send("POST", "/hello", HELLO);

        tunnel.prove(Duration.ofSeconds(2));
        wire.pass(1_000);
        assertEquals("404", send("POST", "/later", json("{}")).status);
        wire.pass(1_000);

        assertTrue(wire.tested.isOpen());
    }

    @Test
    void learnsWhyItIsRefused() {
        wire.peer.writeOutbound(GoAway.because(TunnelEnd.of(Cause.UNKNOWN_CERTIFICATE)));
        wire.turn();

        assertEquals(Cause.UNKNOWN_CERTIFICATE, refusal().cause());
        assertFalse(wire.tested.isOpen());
    }

    @Test
    void servesStreamsThatWereOnTheirWayWhenItDrained() {
        send("POST", "/hello", HELLO);

        tunnel.drain(Duration.ofSeconds(30)); // the peer has not read it yet
        Http2StreamChannel late = exchange();

        assertEquals(1, exchanges);
        assertTrue(wire.tested.isOpen());
        late.close();
        wire.turn();
        assertTrue(wire.tested.isOpen(), "the gateway closes: it may not have read all of the last answer");
        wire.tested.close();
        assertEquals(Cause.DRAINED, tunnel.closed().getNow().cause());
    }

    @Test
    void cutsWhatTheGatewayHasNotClosedWhenTheGraceIsOver() {
        send("POST", "/hello", HELLO);

        tunnel.drain(Duration.ZERO);
        wire.turn();

        assertEquals(Cause.DRAINED, tunnel.closed().getNow().cause());
    }

    /// Seeded: a gateway that sends damaged frames loses its connection at most.
    @Test
    void damagedFramesCloseTheConnectionAtMost() {
        var random = new Random(11);
        for (int i = 0; i < 300; i++) {
            stop();
            wire = new Wire();
            dial();
            send("POST", "/hello", HELLO);
            send("PUT", "/backends", backends());
            var opened = new Http2StreamChannelBootstrap(wire.peer)
                    .handler(Wire.deaf())
                    .open();
            wire.peer.runPendingTasks();
            opened.getNow().writeAndFlush(new DefaultHttp2HeadersFrame(request("GET", "http", "/a"), false));
            opened.getNow().writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(HELLO), true));
            wire.peer.runPendingTasks();
            for (ByteBuf bytes; (bytes = wire.peer.readOutbound()) != null; ) {
                ByteBuf damaged = Unpooled.copiedBuffer(bytes);
                bytes.release();
                for (int flips = 1 + random.nextInt(4); flips > 0 && damaged.isReadable(); flips--) {
                    damaged.setByte(random.nextInt(damaged.readableBytes()), random.nextInt());
                }
                if (wire.tested.isOpen()) {
                    wire.tested.writeInbound(damaged);
                } else {
                    damaged.release();
                }
            }
            wire.tested.runPendingTasks();
            assertEquals(Ends.WIKI, tunnel.backends().backend("b1").orElseThrow());
        }
    }

    private Wire.Collected send(String method, String path, byte[] body) {
        var collected = new Wire.Collected();
        var opened =
                new Http2StreamChannelBootstrap(wire.peer).handler(collected).open();
        wire.peer.runPendingTasks();
        Http2StreamChannel stream = opened.getNow();
        stream.write(new DefaultHttp2HeadersFrame(request(method, "postern", path), false));
        stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
        wire.turn();
        return collected;
    }

    private Http2StreamChannel exchange() {
        var opened =
                new Http2StreamChannelBootstrap(wire.peer).handler(Wire.deaf()).open();
        wire.peer.runPendingTasks();
        opened.getNow().writeAndFlush(new DefaultHttp2HeadersFrame(request("GET", "http", "/a"), true));
        wire.turn();
        return opened.getNow();
    }

    private static DefaultHttp2Headers request(String method, String scheme, String path) {
        var head = new DefaultHttp2Headers();
        head.method(method).scheme(scheme).authority("tunnel").path(path);
        return head;
    }

    private TunnelEnd refusal() {
        return assertInstanceOf(TunnelRefusal.class, registered.cause()).end();
    }

    private static byte[] backends() {
        return TunnelJson.write(BackendList.of(1, List.of(Ends.WIKI)));
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
