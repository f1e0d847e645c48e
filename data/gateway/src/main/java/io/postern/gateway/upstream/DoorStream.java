package io.postern.gateway.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One exchange on a door's connection: the last handler of its pipeline, from the moment the connection is taken
/// until it is free again or closed.
final class DoorStream extends ChannelInboundHandlerAdapter implements FrameStream {
    private FrameListener listener;
    private @Nullable ChannelHandlerContext context;
    private volatile boolean over;

    DoorStream(FrameListener listener) {
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    // ---- from the owner

    @Override
    public EventLoop eventLoop() {
        return ctx().channel().eventLoop();
    }

    @Override
    public void write(Http2StreamFrame frame) {
        if (over) {
            ReferenceCountUtil.release(frame);
        } else {
            ctx().channel().write(frame);
        }
    }

    @Override
    public void writeThen(Http2StreamFrame frame, Runnable written) {
        if (over) {
            ReferenceCountUtil.release(frame);
            written.run();
        } else {
            ChannelFuture future = ctx().channel().write(frame);
            future.addListener(done -> written.run());
        }
    }

    @Override
    public void flush() {
        if (!over) {
            ctx().channel().flush();
        }
    }

    @Override
    public void read() {
        if (!over) {
            ctx().channel().read();
        }
    }

    @Override
    public boolean isWritable() {
        return ctx().channel().isWritable();
    }

    @Override
    public void handTo(FrameListener next) {
        listener = next;
    }

    @Override
    public void reset(Http2Error why) {
        if (!over) {
            ctx().channel().close(); // HTTP/1.1 has no other way to say it
        }
    }

    // ---- from the door

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        try {
            listener.onFrame((Http2StreamFrame) frame);
        } catch (RuntimeException e) {
            fail(ctx, e);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        try {
            listener.onReadComplete();
        } catch (RuntimeException e) {
            fail(ctx, e);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            listener.onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // whose end the listener hears of
    }

    private void fail(ChannelHandlerContext ctx, RuntimeException cause) {
        listener.onFailed(cause);
        ctx.close();
    }

    private void end() {
        if (!over) {
            over = true;
            listener.onClosed();
        }
    }

    private ChannelHandlerContext ctx() {
        return Objects.requireNonNull(context, "not in a pipeline yet");
    }
}
