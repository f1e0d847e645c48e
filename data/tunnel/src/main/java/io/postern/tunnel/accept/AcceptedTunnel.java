package io.postern.tunnel.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.net.FrameStreams;
import io.postern.net.Http2Codecs;
import io.postern.net.WindowBudget;
import io.postern.tunnel.BackendList;
import io.postern.tunnel.ConnectorStatus;
import io.postern.tunnel.GoAway;
import io.postern.tunnel.Hello;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.KeepAlive;
import io.postern.tunnel.MalformedMessage;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelEnd.Cause;
import io.postern.tunnel.TunnelJson;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.TunnelRefusal;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One tunnel, gateway end: a connection that a connector dialled and on which the gateway opens HTTP/2
/// streams, so HTTP client and TCP client are swapped (docs/protocol/tunnel.md §2 to §5).
///
/// State is confined to the channel's loop. What other threads ask (open, serves, openStreams) is kept in
/// volatile copies; what they order is passed on to the loop.
///
///     Registering ──hello answered──▶ Serving ──drain, GOAWAY──▶ Draining ──last stream──▶ Closed
///          └──────────── refused, lost, dead, protocol error: from any state ────────────────▲
///
/// Longer than most files: one state machine, told in the order of its life. The dialling end has its own
/// machine, alike in shape and not in its steps.
final class AcceptedTunnel implements Tunnel {
    sealed interface State {
        /// The connection stands, the connector has not answered the hello.
        record Registering() implements State {}

        record Serving(HelloAnswer connector) implements State {}

        /// @param end what it will have come to when the last stream has ended
        record Draining(HelloAnswer connector, TunnelEnd end) implements State {}

        record Closed(TunnelEnd end) implements State {}
    }

    /// Where tunnels report to.
    interface Owner {
        void onServing(AcceptedTunnel tunnel);

        void onDraining(AcceptedTunnel tunnel);

        /// @param opened it was serving once
        void onClosed(AcceptedTunnel tunnel, TunnelEnd end, boolean opened);
    }

    /// A tunnel with so many requests behind it is replaced; its last streams get this long.
    private static final Duration ROTATION_GRACE = Duration.ofHours(1);

    private static final byte[] NOTHING = {};

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String id = "t" + NUMBERS.incrementAndGet();
    private final Channel channel;
    private final EventLoop loop;
    private final String fingerprint;
    private final ConnectorIdentity identity;
    private final Hello hello;
    private final AcceptorSettings settings;
    private final Function<String, BackendList> backends;
    private final Owner owner;
    private final KeepAlive keepAlive;
    private final Promise<TunnelEnd> closed;

    // confined to the loop
    private State state = new State.Registering();
    private boolean helloSent;
    private boolean pushing;
    private boolean pushAgain;
    private int streamsOpened;
    private @Nullable BackendList acknowledged;
    private @Nullable TunnelEnd said; // by the peer, before it closed
    private @Nullable Http2FrameCodec codec;
    private final FrameStreams streams = FrameStreams.opening(this::closeIfDrained);

    // written on the loop, read anywhere
    private volatile boolean serving;
    private volatile int streamsMax = Integer.MAX_VALUE;
    private volatile Set<String> served = Set.of();
    private volatile @Nullable HelloAnswer connector;

    AcceptedTunnel(
            Channel channel,
            String fingerprint,
            ConnectorIdentity identity,
            int lane,
            int lanes,
            AcceptorSettings settings,
            Function<String, BackendList> backends,
            Owner owner) {
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.fingerprint = fingerprint;
        this.identity = identity;
        this.settings = settings;
        this.backends = backends;
        this.owner = owner;
        this.closed = loop.newPromise();
        this.keepAlive = new KeepAlive(settings.keepAlive(), () -> end(TunnelEnd.of(Cause.DEAD)));
        this.hello = new Hello(
                TunnelProtocol.VERSION,
                settings.node(),
                identity.connectorId(),
                lane,
                lanes,
                settings.keepAlive(),
                settings.serviceVersion());
    }

    /// Puts the tunnel's handlers behind TLS. Call once, on the loop.
    void start(WindowBudget budget) {
        assert loop.inEventLoop();
        channel.pipeline().addLast(keepAlive);
        codec = Http2Codecs.installTunnelClient(channel.pipeline(), budget, streams);
        channel.pipeline().addLast(new Tail());
        Future<?> timer = loop.schedule(
                () -> {
                    if (state instanceof State.Registering) {
                        end(TunnelEnd.of(Cause.HELLO_TIMEOUT));
                    }
                },
                settings.controlTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(gone -> {
            timer.cancel(false);
            onGone();
        });
    }

    // what the gateway asks

    @Override
    public String id() {
        return id;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public String connectorId() {
        return identity.connectorId();
    }

    @Override
    public String group() {
        return identity.group();
    }

    @Override
    public int lane() {
        return hello.lane();
    }

    @Override
    public HelloAnswer connector() {
        HelloAnswer answer = connector;
        if (answer == null) {
            throw new IllegalStateException("tunnel " + id + " has not been opened");
        }
        return answer;
    }

    @Override
    public boolean isOpen() {
        return serving && streams.open() < streamsMax;
    }

    @Override
    public boolean serves(String backendId) {
        return served.contains(backendId);
    }

    @Override
    public int openStreams() {
        return streams.open();
    }

    @Override
    public boolean isTight() {
        int max = streamsMax;
        return streams.open() > max - max / 8;
    }

    @Override
    public boolean isSuspect() {
        return keepAlive.isSuspect();
    }

    @Override
    public Future<TunnelEnd> closed() {
        return closed;
    }

    @Override
    public SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public String certificate() {
        return fingerprint;
    }

    ConnectorIdentity identity() {
        return identity;
    }

    // what the gateway orders

    @Override
    public Future<FrameStream> openStream(FrameListener listener) {
        Promise<FrameStream> promise = loop.newPromise();
        if (loop.inEventLoop()) {
            open(listener, promise);
        } else {
            loop.execute(() -> open(listener, promise));
        }
        return promise;
    }

    @Override
    public Future<ConnectorStatus> status() {
        Promise<ConnectorStatus> promise = loop.newPromise();
        onLoop(() -> {
            if (!(state instanceof State.Serving)) {
                promise.tryFailure(refusal(Cause.DRAINED, "tunnel " + id + " is not serving"));
                return;
            }
            control("GET", TunnelProtocol.STATUS_PATH, NOTHING)
                    .addListener((Future<ControlRequest.Answer> answered) -> {
                        if (answered.isSuccess()) {
                            onStatus(answered.getNow(), promise);
                        } else {
                            promise.tryFailure(answered.cause());
                        }
                    });
        });
        return promise;
    }

    private static void onStatus(ControlRequest.Answer answer, Promise<ConnectorStatus> promise) {
        if (answer.status() != 200) { // 404: a connector of an earlier version
            promise.tryFailure(refusal(Cause.PROTOCOL, "the connector answered " + answer.status()));
            return;
        }
        try {
            promise.trySuccess(TunnelJson.connectorStatus(answer.body()));
        } catch (MalformedMessage e) {
            promise.tryFailure(refusal(Cause.PROTOCOL, "status: " + e.getMessage()));
        }
    }

    private static TunnelRefusal refusal(Cause cause, String detail) {
        return new TunnelRefusal(new TunnelEnd(cause, detail));
    }

    @Override
    public Future<TunnelEnd> drain(Duration grace) {
        onLoop(() -> {
            switch (state) {
                case State.Registering r -> end(TunnelEnd.of(Cause.STOPPED));
                case State.Serving s -> {
                    channel.writeAndFlush(GoAway.drainNow());
                    loop.schedule(
                            () -> end(new TunnelEnd(Cause.DRAINED, "the grace period is over")),
                            grace.toMillis(),
                            TimeUnit.MILLISECONDS);
                    become(new State.Draining(s.connector(), TunnelEnd.of(Cause.DRAINED)));
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

    /// Sends the group's list where the connector does not have it. On the loop. While one list is under
    /// way, changes are gathered into the next.
    void pushBackends() {
        assert loop.inEventLoop();
        if (!(state instanceof State.Serving)) {
            return;
        }
        if (pushing) {
            pushAgain = true;
            return;
        }
        BackendList list = backends.apply(identity.group());
        if (acknowledged != null && acknowledged.sameBackends(list)) {
            return;
        }
        var stillServed = new HashSet<>(served);
        stillServed.retainAll(list.ids());
        served = Set.copyOf(stillServed); // what left the list is used no more from now on
        pushing = true;
        control("PUT", TunnelProtocol.BACKENDS_PATH, TunnelJson.write(list)).addListener(answered -> {
            pushing = false;
            onBackendsAnswered(list, answered);
        });
    }

    // what happens

    private void onSettings(Http2SettingsFrame frame) {
        streamsMax = codec == null ? 0 : codec.connection().local().maxActiveStreams();
        if (helloSent) {
            return;
        }
        helloSent = true;
        if (!Boolean.TRUE.equals(frame.settings().connectProtocolEnabled())) {
            end(new TunnelEnd(Cause.PROTOCOL, "the connector does not offer extended CONNECT"));
            return;
        }
        control("POST", TunnelProtocol.HELLO_PATH, TunnelJson.write(hello)).addListener(this::onHelloAnswered);
    }

    private void onHelloAnswered(Future<? super ControlRequest.Answer> answered) {
        if (!(state instanceof State.Registering)) {
            return; // an answer to a dying tunnel is no fault
        }
        if (!answered.isSuccess()) {
            end(reason(answered.cause()));
            return;
        }
        var answer = (ControlRequest.Answer) answered.getNow();
        if (answer.status() == 426) {
            end(new TunnelEnd(Cause.VERSION, "the connector does not speak protocol " + TunnelProtocol.VERSION));
        } else if (answer.status() != 200) {
            end(new TunnelEnd(Cause.PROTOCOL, "the connector answered the hello with " + answer.status()));
        } else {
            try {
                HelloAnswer facts = TunnelJson.helloAnswer(answer.body());
                if (facts.protocol() != TunnelProtocol.VERSION) {
                    end(new TunnelEnd(Cause.VERSION, "the connector answered for protocol " + facts.protocol()));
                    return;
                }
                become(new State.Serving(facts));
                pushBackends();
            } catch (MalformedMessage e) {
                end(new TunnelEnd(Cause.PROTOCOL, "hello answer: " + e.getMessage()));
            }
        }
    }

    private void onBackendsAnswered(BackendList list, Future<? super ControlRequest.Answer> answered) {
        if (!(state instanceof State.Serving)) {
            return;
        }
        if (!answered.isSuccess()) {
            end(reason(answered.cause()));
            return;
        }
        int status = ((ControlRequest.Answer) answered.getNow()).status();
        if (status != 204) {
            end(new TunnelEnd(Cause.PROTOCOL, "the connector answered the list of backends with " + status));
            return;
        }
        acknowledged = list;
        served = list.ids();
        if (pushAgain) {
            pushAgain = false;
            pushBackends();
        }
    }

    private void onGoAway(Http2GoAwayFrame frame) {
        GoAway.read(frame).ifPresentOrElse(why -> said = why, () -> {
            switch (state) {
                case State.Registering r -> said = TunnelEnd.of(Cause.PEER_DRAINED);
                case State.Serving s -> become(new State.Draining(s.connector(), TunnelEnd.of(Cause.PEER_DRAINED)));
                case State.Draining d -> {} // the second of two, or both ends drain
                case State.Closed c -> {}
            }
        });
    }

    private void onGone() {
        TunnelEnd end = switch (state) {
            case State.Closed c -> c.end();
            case State.Draining d -> said != null ? said : d.end();
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
                connector = s.connector();
                serving = true;
                owner.onServing(this);
            }
            case State.Draining d -> {
                serving = false;
                owner.onDraining(this);
                closeIfDrained();
            }
            case State.Closed c -> {
                serving = false;
                served = Set.of();
                owner.onClosed(this, c.end(), connector != null);
            }
        }
    }

    /// No longer used from now on; the peer learns why from a GOAWAY.
    private void end(TunnelEnd why) {
        if (state instanceof State.Closed) {
            return;
        }
        become(new State.Closed(why));
        channel.writeAndFlush(GoAway.because(why)).addListener(ChannelFutureListener.CLOSE);
        if (why.cause() == Cause.DEAD) {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null) {
                tls.setCloseNotifyFlushTimeoutMillis(1); // a full socket would hold its streams for seconds more
            }
            channel.close();
        } else {
            // a peer that does not read would keep the write, and us, waiting
            Future<?> timer = loop.schedule(() -> channel.close(), GoAway.LINGER_MILLIS, TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(gone -> timer.cancel(false));
        }
    }

    private void closeIfDrained() {
        if (state instanceof State.Draining d && streams.open() == 0) {
            end(d.end());
        }
    }

    private void open(FrameListener listener, Promise<FrameStream> promise) {
        if (!(state instanceof State.Serving)) {
            promise.tryFailure(new TunnelRefusal(new TunnelEnd(Cause.DRAINED, "tunnel " + id + " is not serving")));
            return;
        }
        if (streams.open() >= streamsMax) {
            promise.tryFailure(new TunnelRefusal(
                    new TunnelEnd(Cause.DRAINED, "tunnel " + id + " has " + streamsMax + " streams open")));
            return;
        }
        keepAlive.onUse(channel);
        FrameStream stream = streams.open(listener);
        if (!promise.trySuccess(stream)) {
            stream.reset(Http2Error.CANCEL); // given up meanwhile
            return;
        }
        streamsOpened++;
        if (streamsOpened >= settings.streamsPerTunnelMax()) {
            drain(ROTATION_GRACE);
        }
    }

    private Future<ControlRequest.Answer> control(String method, CharSequence path, byte[] json) {
        return ControlRequest.send(streams, loop, method, path, json, settings.controlTimeout());
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private static TunnelEnd reason(@Nullable Throwable failure) {
        return failure instanceof TunnelRefusal refusal
                ? refusal.end()
                : new TunnelEnd(Cause.LOST, failure == null ? "" : String.valueOf(failure.getMessage()));
    }

    /// Behind the streams: what concerns the connection and not one stream.
    private final class Tail extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            try {
                switch (msg) {
                    case Http2SettingsFrame frame -> onSettings(frame);
                    case Http2GoAwayFrame frame -> onGoAway(frame);
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
