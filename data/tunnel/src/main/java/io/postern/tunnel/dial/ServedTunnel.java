package io.postern.tunnel.dial;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.net.DeafListener;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.net.FrameStreams;
import io.postern.net.Http2Codecs;
import io.postern.net.WindowBudget;
import io.postern.tunnel.BackendList;
import io.postern.tunnel.GoAway;
import io.postern.tunnel.Hello;
import io.postern.tunnel.KeepAlive;
import io.postern.tunnel.MalformedMessage;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelEnd.Cause;
import io.postern.tunnel.TunnelJson;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.TunnelRefusal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One tunnel, connector end: the HTTP/2 server on a connection that we dialled
/// (docs/protocol/tunnel.md §2 to §5).
///
/// State is confined to the channel's loop; what other threads ask is kept in volatile copies.
///
///     Registering ──hello──▶ Serving ──drain, GOAWAY──▶ Draining ──last stream──▶ Closed
///          └───────── refused, lost, dead, protocol error: from any state ─────────▲
final class ServedTunnel implements DialledTunnel {
    sealed interface State {
        /// Waiting for the hello.
        record Registering() implements State {}

        record Serving(Hello hello) implements State {}

        /// Until the gateway closes. It does so when it has read the last stream to its end: what we have sent may lie
        /// there, and on the way, when all is done here.
        record Draining(TunnelEnd end) implements State {}

        record Closed(TunnelEnd end) implements State {}
    }

    /// Marks the PING whose answer says that the gateway knows which backends we serve.
    private static final long READY_MARK = 0x706f_7374_6572_6e03L;

    /// Before the hello has named one.
    private static final Duration KEEP_ALIVE_FIRST = Duration.ofSeconds(10);

    private final Channel channel;
    private final EventLoop loop;
    private final DialSettings settings;
    private final Self self;
    private final StreamServer server;
    private final FrameStreams streams = FrameStreams.accepting(this::accept, () -> {});
    private final KeepAlive keepAlive = new KeepAlive(KEEP_ALIVE_FIRST, () -> end(TunnelEnd.of(Cause.DEAD)));
    private final Promise<DialledTunnel> registered;
    private final Promise<DialledTunnel> ready;
    private final Promise<DialledTunnel> draining;
    private final Promise<TunnelEnd> closed;

    // confined to the loop
    private State state = new State.Registering();
    private boolean listed; // the first list of backends has come
    private @Nullable TunnelEnd said; // by the gateway, before it closed

    // written on the loop, read anywhere
    private volatile @Nullable Hello hello;
    private volatile BackendList backends = BackendList.EMPTY;

    ServedTunnel(Channel channel, DialSettings settings, Self self, StreamServer server) {
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.settings = settings;
        this.self = self;
        this.server = server;
        this.registered = loop.newPromise();
        this.ready = loop.newPromise();
        this.draining = loop.newPromise();
        this.closed = loop.newPromise();
    }

    /// Puts the tunnel's handlers behind TLS. Call once, on the loop.
    ///
    /// @return done when the hello has been answered; fails with a [TunnelRefusal]
    Future<DialledTunnel> start(WindowBudget budget) {
        assert loop.inEventLoop();
        channel.pipeline().addLast(keepAlive);
        Http2Codecs.installTunnelServer(channel.pipeline(), budget, settings.streamsMax(), streams);
        channel.pipeline().addLast(new Tail());
        Future<?> timer = loop.schedule(
                () -> {
                    if (state instanceof State.Registering) {
                        end(TunnelEnd.of(Cause.HELLO_TIMEOUT));
                    }
                },
                settings.helloTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(gone -> {
            timer.cancel(false);
            onGone();
        });
        return registered;
    }

    // what the connector asks

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public Hello hello() {
        Hello said = hello;
        if (said == null) {
            throw new IllegalStateException("the gateway has not said hello");
        }
        return said;
    }

    @Override
    public BackendList backends() {
        return backends;
    }

    @Override
    public int openStreams() {
        return streams.open();
    }

    @Override
    public Future<DialledTunnel> ready() {
        return ready;
    }

    @Override
    public Future<DialledTunnel> draining() {
        return draining;
    }

    @Override
    public Future<TunnelEnd> closed() {
        return closed;
    }

    // what the connector orders

    /// RFC 9113 §6.8, but for its second GOAWAY with the last id seen: the gateway may have opened a stream and
    /// not yet written its head, at a moment that no round trip tells. Only the gateway knows when it has
    /// written the last, and it closes.
    @Override
    public Future<TunnelEnd> drain(Duration grace) {
        onLoop(() -> {
            switch (state) {
                case State.Registering r -> end(TunnelEnd.of(Cause.STOPPED));
                case State.Serving s -> {
                    channel.writeAndFlush(GoAway.drainSoon());
                    loop.schedule(
                            () -> end(new TunnelEnd(Cause.DRAINED, "the grace period is over")),
                            grace.toMillis(),
                            TimeUnit.MILLISECONDS);
                    become(new State.Draining(TunnelEnd.of(Cause.DRAINED)));
                }
                case State.Draining d -> {}
                case State.Closed c -> {}
            }
        });
        return closed;
    }

    @Override
    public void close(TunnelEnd why) {
        onLoop(() -> end(why));
    }

    @Override
    public void prove(Duration limit) {
        onLoop(() -> keepAlive.prove(channel, limit));
    }

    // what happens

    /// A control message has come in whole.
    private ControlAnswer onControl(String request, byte[] json) {
        return switch (request) {
            case "POST /hello" -> onHello(json);
            case "PUT /backends" -> onBackends(json);
            case "GET /status" -> onStatus();
            default -> ControlAnswer.of(404);
        };
    }

    private ControlAnswer onHello(byte[] json) {
        if (!(state instanceof State.Registering)) {
            become(new State.Closed(new TunnelEnd(Cause.PROTOCOL, "the gateway said hello twice")));
            return ControlAnswer.last(400);
        }
        try {
            int version = TunnelJson.protocol(json);
            if (version != TunnelProtocol.VERSION) {
                become(new State.Closed(new TunnelEnd(Cause.VERSION, "the service speaks protocol " + version)));
                return ControlAnswer.last(426, TunnelJson.protocols(TunnelProtocol.VERSION));
            }
            Hello heard = TunnelJson.hello(json);
            keepAlive.agree(channel, heard.keepAlive());
            become(new State.Serving(heard));
            return ControlAnswer.of(200, TunnelJson.write(self.hello()));
        } catch (MalformedMessage e) {
            become(new State.Closed(new TunnelEnd(Cause.PROTOCOL, "hello: " + e.getMessage())));
            return ControlAnswer.last(400);
        }
    }

    private ControlAnswer onStatus() {
        return ControlAnswer.of(200, TunnelJson.write(self.status()));
    }

    private ControlAnswer onBackends(byte[] json) {
        if (state instanceof State.Registering) {
            become(new State.Closed(new TunnelEnd(Cause.PROTOCOL, "backends came before the hello")));
            return ControlAnswer.last(400);
        }
        try {
            backends = TunnelJson.backendList(json);
            if (!listed) { // behind our answer; whoever hears that we are ready may stop another connector at once
                listed = true;
                loop.execute(() -> channel.writeAndFlush(new DefaultHttp2PingFrame(READY_MARK, false)));
            }
            return ControlAnswer.of(204);
        } catch (MalformedMessage e) {
            become(new State.Closed(new TunnelEnd(Cause.PROTOCOL, "backends: " + e.getMessage())));
            return ControlAnswer.last(400);
        }
    }

    /// The gateway has opened a stream.
    private FrameListener accept(FrameStream stream, Http2HeadersFrame head) {
        CharSequence scheme = head.headers().scheme();
        if (scheme != null && TunnelProtocol.CONTROL_SCHEME.contentEquals(scheme)) {
            return new ControlStream(stream, this::onControl, channel::close);
        }
        return switch (state) {
            case State.Registering r -> {
                end(new TunnelEnd(Cause.PROTOCOL, "an exchange came before the hello"));
                yield DeafListener.INSTANCE;
            }
            case State.Closed c -> {
                stream.reset(Http2Error.REFUSED_STREAM);
                yield DeafListener.INSTANCE;
            }
            case State.Serving s -> server.serve(this, stream);
            case State.Draining d -> server.serve(this, stream); // it was on its way when we said so
        };
    }

    private void onGoAway(Http2GoAwayFrame frame) {
        GoAway.read(frame)
                .ifPresentOrElse(
                        why -> {
                            said = why;
                            if (state instanceof State.Registering) {
                                end(why); // a refusal: the gateway waits for us to close
                            }
                        },
                        () -> {
                            switch (state) {
                                case State.Registering r -> end(TunnelEnd.of(Cause.PEER_DRAINED));
                                case State.Serving s -> become(new State.Draining(TunnelEnd.of(Cause.PEER_DRAINED)));
                                case State.Draining d -> {}
                                case State.Closed c -> {}
                            }
                        });
    }

    private void onPing(Http2PingFrame ping) {
        if (ping.ack() && ping.content() == READY_MARK) {
            ready.trySuccess(this);
        }
    }

    private void onGone() {
        TunnelEnd end = switch (state) {
            case State.Closed c -> c.end();
            // a gateway that closes because we asked it to says that its peer has drained
            case State.Draining d -> said != null && said.cause() != Cause.PEER_DRAINED ? said : d.end();
            case State.Registering r -> said != null ? said : TunnelEnd.of(Cause.LOST);
            case State.Serving s -> said != null ? said : TunnelEnd.of(Cause.LOST);
        };
        if (!(state instanceof State.Closed)) {
            become(new State.Closed(end));
        }
        closed.trySuccess(end);
    }

    // how it is done

    private void become(State next) {
        assert loop.inEventLoop();
        state = next;
        switch (next) {
            case State.Registering r -> throw new IllegalStateException("nothing leads back to Registering");
            case State.Serving s -> {
                hello = s.hello();
                registered.trySuccess(this);
            }
            case State.Draining d -> draining.trySuccess(this);
            case State.Closed c -> {
                registered.tryFailure(new TunnelRefusal(c.end()));
                draining.trySuccess(this);
            }
        }
    }

    private void end(TunnelEnd why) {
        if (state instanceof State.Closed) {
            return;
        }
        become(new State.Closed(why));
        channel.writeAndFlush(GoAway.because(why)).addListener(ChannelFutureListener.CLOSE);
        if (why.cause() == Cause.DEAD) {
            channel.close();
        } else {
            // a peer that does not read would keep the write, and us, waiting
            Future<?> timer = loop.schedule(() -> channel.close(), GoAway.LINGER_MILLIS, TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(gone -> timer.cancel(false));
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /// Behind the streams: what concerns the connection and not one stream.
    private final class Tail extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            try {
                switch (msg) {
                    case Http2GoAwayFrame frame -> onGoAway(frame);
                    case Http2PingFrame ping -> onPing(ping);
                    default -> {}
                }
            } finally {
                ReferenceCountUtil.release(msg);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            end(TunnelEnd.of(cause));
        }
    }
}
