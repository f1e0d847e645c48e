package io.postern.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The streams of one tunnel, as plain objects in a table: the place of Netty's multiplexer, whose channel, pipeline
/// and promises for each stream took a quarter of what a small request costs us. Sits behind the
/// [WindowTuner]. Frames that belong to no stream pass on. Confined to the channel's loop.
public final class FrameStreams extends Http2ChannelDuplexHandler {
    /// Meets streams that the peer opens.
    @FunctionalInterface
    public interface Acceptor {
        /// @param head to look at: it is the first frame that the listener gets, and reading has been asked for
        /// @return who listens to the stream
        FrameListener accept(FrameStream stream, Http2HeadersFrame head);
    }

    private final @Nullable Acceptor acceptor;
    private final Runnable ended;
    private final AtomicInteger open = new AtomicInteger();
    private final IntObjectMap<PlainStream> byId = new IntObjectHashMap<>();
    private final List<PlainStream> touched = new ArrayList<>(); // in this turn
    private final List<PlainStream> waiting = new ArrayList<>(); // for the connection to become writable
    private @Nullable ChannelHandlerContext context;
    private @Nullable Http2Connection connection;
    private boolean inTurn;
    private boolean flushDue;

    private FrameStreams(@Nullable Acceptor acceptor, Runnable ended) {
        this.acceptor = acceptor;
        this.ended = ended;
    }

    /// This end opens streams, the peer must not.
    ///
    /// @param ended run on the loop at the end of each stream, when [#open()] no longer counts it
    public static FrameStreams opening(Runnable ended) {
        return new FrameStreams(null, ended);
    }

    /// The peer opens streams.
    public static FrameStreams accepting(Acceptor acceptor, Runnable ended) {
        return new FrameStreams(acceptor, ended);
    }

    /// Streams that are not over; any thread.
    public int open() {
        return open.get();
    }

    /// A stream whose first written frame must be its HEADERS; its id is taken then. If the connection has no more
    /// streams for us at that moment, the listener hears of a reset with `REFUSED_STREAM`.
    public FrameStream open(FrameListener listener) {
        open.incrementAndGet();
        return new PlainStream(this, newStream(), listener);
    }

    @Override
    protected void handlerAdded0(ChannelHandlerContext ctx) {
        context = ctx;
        Http2Connection own = ctx.pipeline().get(Http2FrameCodec.class).connection();
        connection = own;
        own.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream closed) {
                PlainStream stream = byId.get(closed.id());
                if (stream != null) {
                    stream.onEnded();
                }
            }
        });
    }

    // ---- from the connection

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        inTurn = true;
        switch (msg) {
            case Http2HeadersFrame head -> onHead(head);
            case Http2DataFrame data -> deliver(find(data), data);
            case Http2ResetFrame reset -> {
                PlainStream stream = find(reset);
                if (stream != null) {
                    stream.onReset(reset.errorCode());
                }
            }
            case Http2GoAwayFrame goAway -> {
                refuseAbove(goAway.lastStreamId());
                ctx.fireChannelRead(goAway);
            }
            case Http2StreamFrame other -> ReferenceCountUtil.release(other);
            default -> ctx.fireChannelRead(msg);
        }
    }

    private void onHead(Http2HeadersFrame head) {
        PlainStream known = find(head);
        if (known != null) {
            known.receive(head);
            return;
        }
        Http2FrameStream frames = Objects.requireNonNull(head.stream());
        if (acceptor == null) {
            ctx().write(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM).stream(frames));
            flush();
            return;
        }
        open.incrementAndGet();
        var stream = new PlainStream(this, frames, DeafListener.INSTANCE);
        byId.put(frames.id(), stream);
        stream.handTo(acceptor.accept(stream, head));
        stream.receiveFirst(head);
    }

    private static void deliver(@Nullable PlainStream stream, Http2StreamFrame frame) {
        if (stream == null) {
            ReferenceCountUtil.release(frame);
        } else {
            stream.receive(frame);
        }
    }

    private @Nullable PlainStream find(Http2StreamFrame frame) {
        Http2FrameStream frames = frame.stream();
        return frames == null ? null : byId.get(frames.id());
    }

    /// Never processed by the peer: RFC 9113 §6.8. The codec closes them after this.
    private void refuseAbove(int lastStreamId) {
        if (acceptor != null) {
            return; // the peer's own streams, which it speaks of by a GOAWAY of ours only
        }
        for (PlainStream stream : List.copyOf(byId.values())) {
            if (stream.id() > lastStreamId) {
                stream.onReset(Http2Error.REFUSED_STREAM.code());
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        endTurn();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endTurn();
        ctx.fireChannelInactive();
    }

    private void endTurn() {
        for (int i = 0; i < touched.size(); i++) { // grows meanwhile
            touched.get(i).endTurn();
        }
        touched.clear();
        inTurn = false;
        if (flushDue) {
            flushDue = false;
            ctx().flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !waiting.isEmpty()) {
            List<PlainStream> now = List.copyOf(waiting);
            waiting.clear();
            now.forEach(PlainStream::becomeWritable);
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException fault) {
            PlainStream stream = byId.get(fault.stream().id());
            if (stream != null) {
                stream.reset(fault.error());
            }
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    // ---- for the streams

    /// Sees the stream again at the end of this turn.
    ///
    /// @return false between turns
    boolean touch(PlainStream stream) {
        if (inTurn) {
            touched.add(stream);
        }
        return inTurn;
    }

    void waitForConnection(PlainStream stream) {
        waiting.add(stream);
    }

    ChannelFuture write(PlainStream stream, Http2StreamFrame frame) {
        boolean first = !Http2CodecUtil.isStreamIdValid(stream.id());
        ChannelFuture written = ctx().write(frame);
        if (first) {
            if (Http2CodecUtil.isStreamIdValid(stream.id()) && !(written.isDone() && !written.isSuccess())) {
                byId.put(stream.id(), stream);
            } else {
                // later, since the writer is not done with what it does
                ctx().executor().execute(() -> stream.onReset(Http2Error.REFUSED_STREAM.code()));
            }
        }
        return written;
    }

    /// Gathered, while frames are coming in, into one at the end of the turn.
    void flush() {
        if (inTurn) {
            flushDue = true;
        } else {
            ctx().flush();
        }
    }

    boolean isConnectionWritable() {
        return ctx().channel().isWritable();
    }

    /// The peer has not heard the end of it.
    boolean isAlive(int id) {
        return connection != null && Http2CodecUtil.isStreamIdValid(id) && connection.stream(id) != null;
    }

    void forget(PlainStream stream) {
        if (Http2CodecUtil.isStreamIdValid(stream.id())) {
            byId.remove(stream.id());
        }
        open.decrementAndGet();
        ended.run();
    }

    ChannelHandlerContext ctx() {
        return Objects.requireNonNull(context, "not in a pipeline");
    }
}
