package io.postern.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Notices a peer that is gone without a word (docs/protocol/tunnel.md §5): sends a PING when no byte
/// has come for `idle`, and calls `dead` when none has come for twice that. TCP's own acknowledgements are no
/// bytes: a process that has stopped is dead though its kernel still answers. Sits before the frame codec,
/// where every byte passes. Confined to the channel's loop, but for [#isSuspect()].
public final class KeepAlive extends ChannelInboundHandlerAdapter {
    /// Marks our PINGs; any value, different from the window tuner's.
    private static final long MARK = 0x706f_7374_6572_6e02L;

    /// A PING that is not answered by then makes the peer suspect.
    private static final long LATE_NANOS = Duration.ofSeconds(1).toNanos();

    /// Something is to be sent, and for so long nothing was heard: a PING asks whether anybody is there.
    private static final long DOUBT_NANOS = Duration.ofSeconds(1).toNanos();

    private final Runnable dead;
    private long idleNanos;
    private long heardNanos;
    private @Nullable Future<?> timer;
    private volatile long askedNanos; // when the PING went that is not answered yet; 0: none
    private volatile boolean wasLate; // the last answer
    private volatile Ticker clock = Ticker.systemTicker(); // the loop's, once it has one

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
    public void agree(Channel channel, Duration idle) {
        ChannelHandlerContext ctx = channel.pipeline().context(this);
        if (ctx != null) {
            agree(ctx, idle);
        }
    }

    /// Asks for a sign of life at once, and for an answer within `limit`: after a machine woke up, what it
    /// remembers of its peers may be long over. Call on the loop.
    public void prove(io.netty.channel.Channel channel, Duration limit) {
        ChannelHandlerContext ctx = channel.pipeline().context(this);
        if (ctx == null) {
            return;
        }
        long askedNanos = ctx.executor().ticker().nanoTime();
        channel.writeAndFlush(new DefaultHttp2PingFrame(MARK, false));
        ctx.executor()
                .schedule(
                        () -> {
                            if (channel.isOpen() && heardNanos - askedNanos <= 0) {
                                dead.run();
                            }
                        },
                        limit.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        clock = ctx.executor().ticker();
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
        if (askedNanos != 0) {
            wasLate = heardNanos - askedNanos > LATE_NANOS;
            askedNanos = 0;
        }
        ctx.fireChannelRead(msg);
    }

    /// Something is about to be sent whose answer may take long. Where nothing was heard for a while, a PING
    /// goes with it, so that a dead peer is suspect after a second or two and not after [#idleNanos]. On the loop.
    public void onUse(Channel channel) {
        if (askedNanos == 0 && clock.nanoTime() - heardNanos >= DOUBT_NANOS) {
            ask(channel);
        }
    }

    /// A PING is overdue, or the last one was. Any thread.
    public boolean isSuspect() {
        long asked = askedNanos;
        return wasLate || (asked != 0 && clock.nanoTime() - asked > LATE_NANOS);
    }

    /// From the tail, so that it passes the codec.
    private void ask(Channel channel) {
        askedNanos = clock.nanoTime() | 1; // never 0
        channel.writeAndFlush(new DefaultHttp2PingFrame(MARK, false));
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
            if (askedNanos == 0) {
                ask(ctx.channel());
            }
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
