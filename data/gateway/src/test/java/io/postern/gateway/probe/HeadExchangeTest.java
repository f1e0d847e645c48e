package io.postern.gateway.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.concurrent.Future;
import io.postern.gateway.probe.HeadExchange.Ending;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.tunnel.ConnectorStatus;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelEnd;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Every way in which a request of our own can end, told by the listener's own words in an order that the network
/// gives now and then only.
class HeadExchangeTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final OneStream tunnel = new OneStream(loop);

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /// RFC 9113 §8.1: a server that has all it needs of a request says so, and answers.
    @Test
    void anAnswerCountsAfterTheRequestWasEndedWithoutAnError() throws Exception {
        Ending ending = when(LONG, listener -> {
            listener.onReset(Http2Error.NO_ERROR.code());
            listener.onFrame(head("200", true));
            listener.onClosed();
        });

        assertEquals(
                "200",
                String.valueOf(
                        assertInstanceOf(Ending.Answer.class, ending).head().status()));
    }

    @Test
    void aStreamThatEndsWithoutAnErrorOrAnAnswerIsLost() throws Exception {
        assertInstanceOf(Ending.Lost.class, when(LONG, listener -> {
            listener.onReset(Http2Error.NO_ERROR.code());
            listener.onClosed();
        }));
    }

    @Test
    void endsTheStreamOnItsOwnLoopWhenNothingComes() throws Exception {
        Ending ending = when(Duration.ofMillis(30), listener -> {});

        assertEquals(new Ending.Silent(Duration.ofMillis(30)), ending);
        loop.submit(() -> {}).get(); // the turn in which the patience ended is over
        assertEquals(List.of("CANCEL on the loop: true"), tunnel.resets);
    }

    @Test
    void informationalHeadsAreNoAnswer() throws Exception {
        Ending ending = when(LONG, listener -> {
            listener.onFrame(head("103", false));
            listener.onReadComplete();
            listener.onFrame(head("404", false));
        });

        assertEquals(
                "404",
                String.valueOf(
                        assertInstanceOf(Ending.Answer.class, ending).head().status()));
        loop.submit(() -> {}).get();
        assertEquals(List.of("CANCEL on the loop: true"), tunnel.resets, "the body is not wanted");
    }

    @Test
    void otherEndingsAreToldApart() throws Exception {
        assertEquals(
                new Ending.Reset(Http2Error.REFUSED_STREAM.code()),
                when(LONG, listener -> listener.onReset(Http2Error.REFUSED_STREAM.code())));
        assertEquals(
                new Ending.Malformed("too long"),
                when(LONG, listener -> listener.onFailed(new IllegalArgumentException("too long"))));
        tunnel.isFull = true;
        assertEquals(new Ending.NotOpened("full"), when(LONG, listener -> {}));
    }

    /// @param script played on the loop once the request was sent
    private Ending when(Duration patience, Consumer<FrameListener> script) throws Exception {
        tunnel.script = script;
        Http2Headers request = new DefaultHttp2Headers().method("HEAD").path("/");
        return HeadExchange.send(tunnel, request, patience).get(10, TimeUnit.SECONDS);
    }

    private static Http2StreamFrame head(String status, boolean end) {
        return new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status(status), end);
    }

    /// A tunnel whose streams follow the script.
    private static final class OneStream implements Tunnel {
        private final EventLoop loop;
        private final List<String> resets = new CopyOnWriteArrayList<>();
        private volatile Consumer<FrameListener> script = listener -> {};
        private volatile boolean isFull;

        OneStream(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public Future<FrameStream> openStream(FrameListener listener) {
            return isFull ? loop.newFailedFuture(new IllegalStateException("full")) : loop.submit(() -> open(listener));
        }

        private FrameStream open(FrameListener listener) {
            return new FrameStream() {
                @Override
                public EventLoop eventLoop() {
                    return loop;
                }

                @Override
                public void write(Http2StreamFrame frame) {}

                @Override
                public void writeThen(Http2StreamFrame frame, Runnable written) {}

                @Override
                public void flush() {
                    loop.execute(() -> script.accept(listener));
                }

                @Override
                public void read() {}

                @Override
                public boolean isWritable() {
                    return true;
                }

                @Override
                public void handTo(FrameListener next) {}

                @Override
                public void reset(Http2Error why) {
                    resets.add(why + " on the loop: " + loop.inEventLoop());
                }
            };
        }

        @Override
        public EventLoop eventLoop() {
            return loop;
        }

        @Override
        public String id() {
            return "t1";
        }

        @Override
        public String connectorId() {
            return "c1";
        }

        @Override
        public String certificate() {
            return "";
        }

        @Override
        public String group() {
            return "g1";
        }

        @Override
        public int lane() {
            return 0;
        }

        @Override
        public HelloAnswer connector() {
            return new HelloAnswer(1, "1.0.0", "machine", "os", Instant.EPOCH, Optional.empty(), false);
        }

        @Override
        public SocketAddress remoteAddress() {
            return new InetSocketAddress(0);
        }

        @Override
        public boolean isOpen() {
            return !isFull;
        }

        @Override
        public boolean serves(String backendId) {
            return true;
        }

        @Override
        public int openStreams() {
            return 0;
        }

        @Override
        public boolean isTight() {
            return false;
        }

        @Override
        public boolean isSuspect() {
            return false;
        }

        @Override
        public Future<ConnectorStatus> status() {
            return loop.newFailedFuture(new UnsupportedOperationException());
        }

        @Override
        public Future<TunnelEnd> drain(Duration grace) {
            return loop.newPromise();
        }

        @Override
        public void close(TunnelEnd why) {}

        @Override
        public Future<TunnelEnd> closed() {
            return loop.newPromise();
        }
    }
}
