package io.postern.tunnel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Notices a peer that is gone without a word (docs/protocol/tunnel.md §5): sends a PING when no byte
/// has come for `idle`, and calls `dead` when none has come for twice that. Sits before the frame codec,
/// where every byte passes. Confined to the channel's loop.
public final class KeepAlive extends ChannelInboundHandlerAdapter {
    /// Marks our PINGs; any value, different from the window tuner's.
    private static final long MARK = 0x706f_7374_6572_6e02L;

    private final Runnable dead;
    private long idleNanos;
    private long heardNanos;
    private @Nullable Future<?> timer;

    /// @param idle from both ends' agreement, or a guess until the hello has come
    /// @param dead called on the loop, at most once
    public KeepAlive(Duration idle, Runnable dead) {
        this.idleNanos = idle.toNanos();
        this.dead = dead;
    }

    /// Takes the value of the hello; call on the loop.
    public void agree(ChannelHandlerContext ctx, Duration idle) {
        idleNanos = idle.toNanos();
        stop();
        watch(ctx);
    }

    /// As [#agree(ChannelHandlerContext, Duration)] for callers outside the handler.
    public void agree(io.netty.channel.Channel channel, Duration idle) {
        ChannelHandlerContext ctx = channel.pipeline().context(this);
        if (ctx != null) {
            agree(ctx, idle);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        heardNanos = ctx.executor().ticker().nanoTime();
        watch(ctx);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stop();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        heardNanos = ctx.executor().ticker().nanoTime();
        ctx.fireChannelRead(msg);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stop();
        ctx.fireChannelInactive();
    }

    private void watch(ChannelHandlerContext ctx) {
        long quiet = ctx.executor().ticker().nanoTime() - heardNanos;
        if (quiet >= 2 * idleNanos) {
            dead.run();
            return;
        }
        long next;
        if (quiet >= idleNanos) {
            // from the tail, so that it passes the codec
            ctx.channel().writeAndFlush(new DefaultHttp2PingFrame(MARK, false));
            next = 2 * idleNanos - quiet;
        } else {
            next = idleNanos - quiet;
        }
        timer = ctx.executor().schedule(() -> watch(ctx), next, TimeUnit.NANOSECONDS);
    }

    private void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
