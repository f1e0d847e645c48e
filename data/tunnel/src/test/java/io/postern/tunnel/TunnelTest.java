package io.postern.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.Future;
import io.postern.fixtures.TestCertificates;
import io.postern.net.FrameStream;
import io.postern.tunnel.TunnelEnd.Cause;
import io.postern.tunnel.accept.AcceptorSettings;
import io.postern.tunnel.accept.ConnectorIdentity;
import io.postern.tunnel.dial.DialSettings;
import io.postern.tunnel.dial.DialledTunnel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// docs/protocol/tunnel.md, chapter by chapter, with both real ends over TLS on loopback.
class TunnelTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private Ends ends;

    @BeforeEach
    void start() throws Exception {
        Origin.HELD.clear();
        ends = new Ends();
    }

    @AfterEach
    void stop() throws Exception {
        ends.stop();
    }

    @Nested
    class Section1Connection {
        @Test
        void refusesACertificateThatTheServiceDoesNotKnow() {
            ends.identities.clear();

            assertEquals(
                    Cause.UNKNOWN_CERTIFICATE,
                    refusal(ends.dial(Ends.NO_STREAMS)).cause());
        }

        @Test
        void refusesACertificateOfAnotherAuthority() throws Exception {
            var forger = TestCertificates.authority("connectors").client("connector");
            ends.identities.put(forger.fingerprint(), new ConnectorIdentity("c1", "g", true));

            refusal(ends.dial(forger, ends.authority, DialSettings.DEFAULT, Ends.NO_STREAMS));

            assertEquals(Cause.TLS, Ends.take(ends.refused).cause());
        }

        @Test
        void refusesACertificateSignedByItself() throws Exception {
            var forger = TestCertificates.selfSigned("connector");
            ends.identities.put(forger.fingerprint(), new ConnectorIdentity("c1", "g", true));

            refusal(ends.dial(forger, ends.authority, DialSettings.DEFAULT, Ends.NO_STREAMS));

            assertEquals(Cause.TLS, Ends.take(ends.refused).cause());
        }

        @Test
        void connectorBelievesNoServiceOfAnotherAuthority() {
            var other = TestCertificates.authority("somebody");

            TunnelEnd end = refusal(ends.dial(ends.connector, other, DialSettings.DEFAULT, Ends.NO_STREAMS));

            assertEquals(Cause.TLS_OPENED, end.cause());
            assertTrue(end.detail().contains("issued by 'CN=connectors'"), end.detail());
            assertTrue(ends.opened.isEmpty());
        }
    }

    @Nested
    class Section2Hello {
        @Test
        void tellsBothEndsOfEachOther() throws Exception {
            DialledTunnel dialled = Ends.await(ends.dial(Ends.NO_STREAMS));
            Tunnel tunnel = Ends.take(ends.opened);

            assertEquals("c1", dialled.hello().connector());
            assertEquals("node-1", dialled.hello().node());
            assertEquals(2, dialled.hello().lanes());
            assertEquals(tunnel.lane(), dialled.hello().lane());
            assertEquals(tunnel.eventLoop(), ends.gatewayLoops.all().get(tunnel.lane()));
            assertEquals("1.2.3", tunnel.connector().version());
            assertEquals("g", tunnel.group());
        }
    }

    @Nested
    class Section3Backends {
        @Test
        void usesATunnelOnlyForBackendsThatTheConnectorAcknowledged() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));

            assertTrue(pair.gateway().serves(Ends.WIKI.id()));
            assertFalse(pair.gateway().serves(Ends.FILES.id()));
            assertEquals(Ends.WIKI, pair.connector().backends().backend("b1").orElseThrow());
        }

        @Test
        void replacesTheListWhenItChanges() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));

            ends.backends = BackendList.of(2, List.of(Ends.FILES));
            ends.acceptor.onBackendsChanged();

            Ends.until(() -> pair.gateway().serves(Ends.FILES.id()));
            assertFalse(pair.gateway().serves(Ends.WIKI.id()));
            assertEquals(Set.of("b2"), pair.connector().backends().ids());
        }

        @Test
        void gathersManyChangesIntoTheLast() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));

            for (int i = 2; i < 200; i++) {
                ends.backends = BackendList.of(i, i % 2 == 0 ? List.of(Ends.WIKI) : List.of(Ends.FILES));
                ends.acceptor.onBackendsChanged();
            }

            Ends.until(() -> pair.gateway().serves(Ends.FILES.id()));
            assertEquals(Set.of("b2"), pair.connector().backends().ids());
        }
    }

    @Nested
    class Section4Exchanges {
        @Test
        void carriesARequestAndItsAnswer() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));

            var head =
                    assertInstanceOf(Exchange.Event.Head.class, pair.send("/ok").next());

            assertEquals("200", head.fields().status().toString());
        }

        @Test
        void carriesHeadersOf100KiB() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));
            String ticket = "k".repeat(100 * 1024);
            Http2Headers large = new DefaultHttp2Headers()
                    .method("GET")
                    .scheme("http")
                    .authority("wiki.corp")
                    .path("/ok")
                    .add("x-echo", ticket);

            var head = assertInstanceOf(
                    Exchange.Event.Head.class,
                    Exchange.open(pair.gateway(), large, true).next());

            assertEquals(ticket, head.fields().get("x-echo").toString());
        }

        @Test
        void headersBeyondTheLimitEndTheStreamAndNotTheTunnel() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));
            Http2Headers tooLarge = new DefaultHttp2Headers()
                    .method("GET")
                    .scheme("http")
                    .authority("wiki.corp")
                    .path("/ok")
                    .add("x-echo", "k".repeat(140 * 1024));

            Exchange.open(pair.gateway(), tooLarge, true);

            assertInstanceOf(Exchange.Event.Head.class, pair.send("/ok").next());
        }

        @Test
        void aStreamThatNobodyReadsStopsItsSenderAndNotItsNeighbours() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));
            Exchange stalled = Exchange.open(pair.gateway(), get("/endless"), false);
            Origin sender = Ends.take(Origin.HELD);
            long bound = 4L * 1024 * 1024; // start window, socket buffers and marks stay far below

            for (int i = 0; i < 200; i++) {
                assertInstanceOf(Exchange.Event.Head.class, pair.send("/ok").next());
            }

            assertEquals(0, stalled.bytes.get());
            assertTrue(sender.written.get() < bound, "the sender wrote " + sender.written.get());
            stalled.stream().reset(Http2Error.CANCEL);
        }

        @Test
        void aStreamThatIsReadFlowsOn() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));
            Exchange download = pair.send("/endless");
            Origin sender = Ends.take(Origin.HELD);

            Ends.until(() -> download.bytes.get() > 64L * 1024 * 1024);
            sender.finish();

            assertInstanceOf(Exchange.Event.Head.class, download.next());
            assertInstanceOf(Exchange.Event.End.class, download.next());
        }

        @Test
        void aClientThatGoesAwayIsAReset() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));
            for (int i = 0; i < 500; i++) { // far beyond the guard against reset floods at the edge
                Exchange exchange = pair.send("/hold");
                Ends.take(Origin.HELD);
                exchange.stream().reset(Http2Error.CANCEL);
            }

            Ends.until(() -> pair.connector().openStreams() == 0);
            assertInstanceOf(Exchange.Event.Head.class, pair.send("/ok").next());
        }
    }

    @Nested
    class Section5Drain {
        @Test
        void connectorDrainsAndRunningStreamsFinish() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));
            Exchange running = pair.send("/hold");
            Origin origin = Ends.take(Origin.HELD);

            Future<TunnelEnd> drained = pair.connector().drain(LONG);
            Ends.until(() -> !pair.gateway().isOpen());
            assertTrue(ends.acceptor
                    .registry()
                    .pick("g", Ends.WIKI.id(), pair.gateway().eventLoop(), List.of())
                    .isEmpty());
            assertThrows(TunnelRefusal.class, () -> pair.send("/ok"));
            assertFalse(drained.isDone());
            origin.answer();

            assertInstanceOf(Exchange.Event.Head.class, running.next());
            assertEquals(Cause.DRAINED, Ends.await(drained).cause());
            assertEquals(Cause.PEER_DRAINED, Ends.take(ends.closed).why().cause());
        }

        @Test
        void aStreamOpenedBeforeTheDrainIsServedThoughItsHeadCameLater() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));
            Exchange running = pair.send("/hold");
            Origin origin = Ends.take(Origin.HELD);
            var late = new Exchange();
            FrameStream stream = Ends.await(pair.gateway().openStream(late)); // its client's loop is slow

            pair.connector().drain(LONG);
            Ends.until(() -> !pair.gateway().isOpen());
            stream.write(new DefaultHttp2HeadersFrame(Exchange.head("/ok").method("POST"), false));
            stream.write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII), true));
            stream.flush();
            late.startReading(stream);

            assertInstanceOf(Exchange.Event.Head.class, late.next());
            origin.answer();
            assertInstanceOf(Exchange.Event.Head.class, running.next());
        }

        @Test
        void gatewayDrainsAndRunningStreamsFinish() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));
            Exchange running = pair.send("/hold");
            Origin origin = Ends.take(Origin.HELD);

            Future<TunnelEnd> drained = pair.gateway().drain(LONG);
            Ends.await(pair.connector().draining());
            assertThrows(TunnelRefusal.class, () -> pair.send("/ok"));
            origin.answer();

            assertInstanceOf(Exchange.Event.Head.class, running.next());
            assertEquals(Cause.DRAINED, Ends.await(drained).cause());
            // the last word decides: the gateway's GOAWAY says that it has drained
            Ends.await(pair.connector().closed());
        }

        @Test
        void whatIsStillOpenAfterTheGraceIsCut() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));
            Exchange running = pair.send("/hold");
            Ends.take(Origin.HELD);

            assertEquals(
                    Cause.DRAINED,
                    Ends.await(pair.connector().drain(Duration.ofMillis(1))).cause());

            Exchange.Event last = running.next();
            assertFalse(last instanceof Exchange.Event.Head, "no answer can have come: " + last);
        }

        @Test
        void acceptorDrainsAllAndAcceptsNoMore() throws Exception {
            ends.open((tunnel, stream) -> new Origin(stream));
            ends.open((tunnel, stream) -> new Origin(stream));

            Ends.await(ends.acceptor.drain(LONG));

            assertTrue(ends.acceptor.registry().all().isEmpty());
            assertEquals(Cause.STOPPED, refusal(ends.dial(Ends.NO_STREAMS)).cause());
        }

        @Test
        void aTunnelThatHasServedItsShareIsReplaced() throws Exception {
            ends.stop();
            ends = new Ends(new AcceptorSettings("n", "v", LONG, LONG, 3));
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));

            for (int i = 0; i < 3; i++) {
                pair.send("/ok");
            }

            Ends.await(pair.connector().draining());
            assertThrows(TunnelRefusal.class, () -> pair.send("/ok"));
        }
    }

    @Nested
    class Identity {
        @Test
        void aDeletedConnectorLosesItsTunnels() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));

            ends.identities.clear();
            ends.acceptor.revalidate();

            assertEquals(
                    Cause.IDENTITY_GONE, Ends.await(pair.connector().closed()).cause());
            assertFalse(ends.acceptor.registry().isConnected("g"));
        }

        @Test
        void aDisabledConnectorLosesItsTunnelsAndIsToldWhy() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));

            ends.identities.put(ends.connector.fingerprint(), new ConnectorIdentity("c1", "g", false));
            ends.acceptor.revalidate();

            assertEquals(Cause.DISABLED, Ends.await(pair.connector().closed()).cause());
            assertEquals(
                    Cause.DISABLED,
                    refusal(ends.dial((tunnel, stream) -> new Origin(stream))).cause());
        }

        @Test
        void aConnectorMovedToAnotherGroupServesNoNewStreamAndFinishesTheOpenOnes() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));
            Exchange running = pair.send("/hold");
            Origin held = Ends.take(Origin.HELD);

            ends.identities.put(ends.connector.fingerprint(), new ConnectorIdentity("c1", "h", true));
            ends.acceptor.revalidate();

            Ends.await(pair.connector().draining());
            assertFalse(ends.acceptor.registry().isConnected("g"));
            assertFalse(pair.connector().closed().isDone());
            held.answer();
            assertInstanceOf(Exchange.Event.Head.class, running.next());
            assertEquals(
                    Cause.PEER_DRAINED, Ends.await(pair.connector().closed()).cause());
        }

        @Test
        void aCertificateThatHasBeenReplacedServesNoNewStreamAndOpensNoTunnel() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));

            ends.identities.clear();
            ends.identities.put("f".repeat(64), new ConnectorIdentity("c1", "g", true));
            ends.acceptor.revalidate();

            Ends.await(pair.connector().draining());
            assertEquals(
                    Cause.UNKNOWN_CERTIFICATE,
                    refusal(ends.dial((tunnel, stream) -> new Origin(stream))).cause());
        }

        @Test
        void anUntouchedConnectorKeepsItsTunnels() throws Exception {
            Ends.Pair pair = ends.open((tunnel, stream) -> new Origin(stream));

            ends.acceptor.revalidate();

            assertInstanceOf(Exchange.Event.Head.class, pair.send("/ok").next());
        }
    }

    private static Http2Headers get(String path) {
        return new DefaultHttp2Headers()
                .method("GET")
                .scheme("http")
                .authority("wiki.corp")
                .path(path);
    }

    private static TunnelEnd refusal(Future<DialledTunnel> dialled) {
        return assertThrows(TunnelRefusal.class, () -> Ends.await(dialled)).end();
    }
}
