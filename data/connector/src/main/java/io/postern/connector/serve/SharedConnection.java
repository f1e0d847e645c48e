package io.postern.connector.serve;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.postern.net.AskedForCertificate;
import io.postern.net.FrameStreams;
import io.postern.net.Http2Codecs;
import io.postern.net.WindowBudget;
import io.postern.tunnel.BackendSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection in HTTP/2 to a backend, shared by exchanges of one event loop and confined to it (RFC 9113).
///
///     Opening ──SETTINGS──▶ Open ──GOAWAY, ids used up──▶ Leaving ──last stream──▶ Closed
///        └──────────── lost, fault, silence: from any state ──────────────────────▲
final class SharedConnection {
    /// Where connections report to.
    interface Owner {
        /// The backend has said how it wants to be spoken to.
        void onReady(SharedConnection connection);

        /// A stream has ended.
        void onRoom(SharedConnection connection);

        /// It takes no more streams. Told once.
        void onLeaving(SharedConnection connection);

        void onHttp1Wanted();
    }

    private enum State {
        OPENING,
        OPEN,
        LEAVING,
        CLOSED
    }

    /// Streams at once before another connection is opened, whatever more the backend allows: one connection is one
    /// worker's at many servers, and one lost segment holds up all of them.
    private static final int STREAMS_MAX = 64;

    /// A connection with so many requests behind it is left: ids end at 2^31.
    private static final int STREAMS_OPENED_MAX = 1 << 29;

    /// Marks the PING that asks for a sign of life.
    private static final long PROOF = 0x706f_7374_6572_6e04L;

    /// A connection that was silent for so long is asked for one when it is used, or does not answer.
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Channel channel;
    private final EventLoop loop;
    private final BackendSettings backend;
    private final Owner owner;
    private final Duration patience;
    private final FrameStreams streams = FrameStreams.opening(this::onStreamOver);
    private final Http2FrameCodec codec;
    private State state = State.OPENING;
    private int opened;
    private long heardNanos = System.nanoTime();
    private long unusedSinceNanos = System.nanoTime();
    private @Nullable ScheduledFuture<?> proof;
    private Optional<String> fault = Optional.empty();
    private boolean refusedUs;

    /// Puts HTTP/2 behind TLS.
    ///
    /// @param channel after the handshake
    /// @param patience until the backend's SETTINGS have come, and its signs of life
    SharedConnection(Channel channel, BackendSettings backend, WindowBudget budget, Duration patience, Owner owner) {
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.backend = backend;
        this.owner = owner;
        this.patience = patience;
        codec = Http2Codecs.installBackendClient(channel.pipeline(), budget, streams);
        channel.pipeline().addLast(new Tail());
        channel.config().setAutoRead(true);
        channel.flush();
        ScheduledFuture<?> limit = loop.schedule(
                () -> {
                    if (state == State.OPENING) {
                        fault = Optional.of("no SETTINGS came in " + patience);
                        channel.close();
                    }
                },
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(gone -> {
            limit.cancel(false);
            leave();
            state = State.CLOSED;
        });
    }

    Channel channel() {
        return channel;
    }

    BackendSettings backend() {
        return backend;
    }

    boolean wantedCertificate() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls != null && AskedForCertificate.in(tls.engine());
    }

    /// What the backend did against the protocol.
    Optional<String> fault() {
        return fault;
    }

    /// The backend ended the connection for the certificate that we showed, or did not show.
    boolean refusedUs() {
        return refusedUs;
    }

    boolean isAlive() {
        return state != State.CLOSED && channel.isActive();
    }

    boolean isUnused() {
        return streams.open() == 0;
    }

    long unusedSinceNanos() {
        return unusedSinceNanos;
    }

    /// Another stream may be opened.
    boolean takesMore() {
        return state == State.OPEN
                && channel.isActive()
                && streams.open()
                        < Math.min(STREAMS_MAX, codec.connection().local().maxActiveStreams());
    }

    BackendStream open() {
        var stream = new BackendStream(this, opened > 0);
        opened++;
        stream.bind(streams.open(stream));
        if (System.nanoTime() - heardNanos > SILENCE_NANOS) {
            prove();
        }
        if (opened >= STREAMS_OPENED_MAX) {
            leave();
        }
        return stream;
    }

    /// An exchange was given up before anything came: is there anybody?
    void proveIfSilent() {
        if (System.nanoTime() - heardNanos > SILENCE_NANOS) {
            prove();
        }
    }

    private void prove() {
        if (proof != null || !isAlive()) {
            return;
        }
        channel.writeAndFlush(new DefaultHttp2PingFrame(PROOF, false));
        proof = loop.schedule(() -> channel.close(), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void onHttp1Wanted() {
        owner.onHttp1Wanted();
    }

    /// No more streams; closed with the last.
    void leave() {
        if (state == State.OPENING || state == State.OPEN) {
            state = State.LEAVING;
            owner.onLeaving(this);
        }
        closeIfLeft();
    }

    private void closeIfLeft() {
        if (state == State.LEAVING && isUnused()) {
            channel.close();
        }
    }

    private void onStreamOver() {
        if (isUnused()) {
            unusedSinceNanos = System.nanoTime();
            closeIfLeft();
        }
        owner.onRoom(this);
    }

    private void onGoAway(Http2GoAwayFrame frame) {
        if (frame.errorCode() == Http2Error.HTTP_1_1_REQUIRED.code()) {
            owner.onHttp1Wanted();
        }
        leave();
    }

    /// Behind the streams: what concerns the connection and not one stream.
    private final class Tail extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            try {
                switch (msg) {
                    case Http2SettingsFrame _
                    when state == State.OPENING -> {
                        state = State.OPEN;
                        owner.onReady(SharedConnection.this);
                    }
                    case Http2GoAwayFrame frame -> onGoAway(frame);
                    case Http2PingFrame ping
                    when ping.ack() && ping.content() == PROOF && proof != null -> {
                        proof.cancel(false);
                        proof = null;
                    }
                    default -> {}
                }
            } finally {
                ReferenceCountUtil.release(msg);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            heardNanos = System.nanoTime();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof Http2Exception) {
                fault = Optional.of(String.valueOf(cause.getMessage()));
            }
            refusedUs |= TlsAlerts.isAboutOurCertificate(cause);
            loop.execute(channel::close); // behind the GOAWAY that says why
        }
    }
}
