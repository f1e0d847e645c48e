package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// A WebSocket after its handshake: bytes between stream and backend, both ways, until both ends ended
/// or nothing moved for the idle limit. A side reads on only while the other can take more. Each end
/// may end alone (half-close). Confined to the event loop that both channels live on.
///
/// When the connector stops it says Close to the client, at the end of a frame, and lets the client's own Close
/// go through to the backend.
final class WebSocketPipe implements Endless {
    /// "Service Restart", which tells the client to connect again: RFC 6455 §5.5.1, §7.4, code 1012 by IANA's registry.
    private static final byte[] CLOSE_1012 = {(byte) 0x88, 2, 1012 >> 8, (byte) 1012};

    private final FrameStream stream;
    private final Channel backend;
    private final Serving serving;
    private final Transaction transaction;
    private final FrameBoundaries toClient = new FrameBoundaries();
    private final long idleNanos;
    private long lastMoveNanos = System.nanoTime();
    private boolean streamEnded;
    private boolean backendEnded;
    private boolean isClosed;
    private boolean isLeaving;
    private boolean saidClose;

    private WebSocketPipe(
            FrameStream stream, Channel backend, Duration idle, Serving serving, Transaction transaction) {
        this.stream = stream;
        this.backend = backend;
        this.idleNanos = idle.toNanos();
        this.serving = serving;
        this.transaction = transaction;
    }

    /// Takes over both sides. The stream's old handler has written the answer and is replaced; the
    /// backend's codec goes, and bytes that it already held flow first.
    ///
    /// @param early what the client sent before the handshake was through
    /// @param earlyEnd the client has ended already
    static void open(
            FrameStream stream,
            BackendConnection connection,
            Duration idle,
            Queue<Http2StreamFrame> early,
            boolean earlyEnd,
            Serving serving,
            Transaction transaction) {
        Channel backend = connection.channel();
        var pipe = new WebSocketPipe(stream, backend, idle, serving, transaction);
        serving.metrics().openWebSockets.inc();
        serving.add(pipe);
        if (backend.pipeline().get(SslHandler.class) == null) {
            backend.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        stream.handTo(pipe.new StreamSide());
        connection.becomeRaw(pipe.new BackendSide());
        pipe.stream.flush();
        for (Http2StreamFrame frame = early.poll(); frame != null; frame = early.poll()) {
            if (frame instanceof Http2DataFrame data) {
                backend.write(data.content());
            }
        }
        backend.flush();
        if (earlyEnd) {
            pipe.streamEnded = true;
            pipe.endBackend();
        }
        pipe.readStream();
        pipe.readBackend();
        pipe.watch(idle.toNanos());
    }

    private void watch(long nanos) {
        stream.eventLoop()
                .schedule(
                        () -> {
                            long left = idleNanos - (System.nanoTime() - lastMoveNanos);
                            if (isClosed) {
                                return;
                            }
                            if (left > 0) {
                                watch(left);
                            } else {
                                endStream();
                                close();
                            }
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    private void readBackend() {
        if (!backendEnded && stream.isWritable()) {
            backend.read();
        }
    }

    private void readStream() {
        if (!streamEnded && backend.isWritable()) {
            stream.read();
        }
    }

    private void endStream() {
        if (!backendEnded) {
            backendEnded = true;
            stream.write(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
            stream.flush();
        }
    }

    private void endBackend() {
        SslHandler tls = backend.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (backend instanceof DuplexChannel duplex) {
            backend.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> duplex.shutdownOutput());
        }
    }

    @Override
    public EventLoop eventLoop() {
        return stream.eventLoop();
    }

    @Override
    public void onGraceOver() {
        if (isClosed) {
            return;
        }
        isLeaving = true;
        transaction.onGraceOver();
        sayClose();
        stream.flush();
        eventLoop().schedule(this::leave, Serving.FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Only between two frames of the backend's, and not after a Close of its own.
    private void sayClose() {
        if (!saidClose && !backendEnded && toClient.isBetweenFrames() && !toClient.isClosing()) {
            saidClose = true;
            stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(CLOSE_1012), false));
        }
    }

    private void leave() {
        if (!isClosed) {
            endStream();
            close();
        }
    }

    /// What the backend says still goes through to the end of the frame that has begun.
    private void passOn(ByteBuf bytes) {
        if (!isLeaving) {
            toClient.follow(bytes);
            stream.write(new DefaultHttp2DataFrame(bytes, false));
        } else if (saidClose) {
            bytes.release();
        } else {
            int rest = toClient.followToBoundary(bytes);
            stream.write(new DefaultHttp2DataFrame(bytes.readRetainedSlice(rest), false));
            bytes.release();
            sayClose();
        }
    }

    private void closeWhenBothEnded() {
        if (streamEnded && backendEnded) {
            transaction.onComplete();
            close();
        }
    }

    private void close() {
        if (!isClosed) {
            isClosed = true;
            serving.metrics().openWebSockets.dec();
            serving.remove(this);
            transaction.tell();
            backend.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private final class StreamSide implements FrameListener {
        @Override
        public void onFrame(Http2StreamFrame frame) {
            if (!(frame instanceof Http2DataFrame data)) {
                ReferenceCountUtil.release(frame);
                return;
            }
            lastMoveNanos = System.nanoTime();
            transaction.onSent(data.content().readableBytes());
            backend.write(data.content());
            if (data.isEndStream()) {
                streamEnded = true;
                endBackend();
                closeWhenBothEnded();
            }
        }

        @Override
        public void onReadComplete() {
            backend.flush();
            readStream();
        }

        @Override
        public void onWritable() {
            readBackend();
        }

        @Override
        public void onReset(long code) {
            close();
        }

        @Override
        public void onFailed(RuntimeException cause) {
            close();
        }

        @Override
        public void onClosed() {
            close();
        }
    }

    private final class BackendSide extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes && bytes.isReadable() && !backendEnded) {
                lastMoveNanos = System.nanoTime();
                transaction.onReceived(bytes.readableBytes());
                passOn(bytes);
            } else {
                ReferenceCountUtil.release(message); // the codec's mark for the end of the 101
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            stream.flush();
            readBackend();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            readStream();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                endStream();
                closeWhenBothEnded();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            endStream();
            close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!backendEnded) {
                backendEnded = true;
                stream.reset(Http2Error.INTERNAL_ERROR);
            }
            close();
        }
    }
}
