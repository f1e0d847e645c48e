package io.postern.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.postern.net.DirectMemory.Pressure;
import io.postern.net.WindowTuner.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a connection does while the process is short of memory. First its streams get small windows: new
/// ones start small, and by the same SETTINGS frame the peer takes back what idle ones were promised and have
/// not used, the one recall that RFC 9113 (§6.9.2) knows. If that is not enough, streams whose bytes lie
/// unread for two seconds are ended, the oldest first, until it is. Confined to the channel's loop.
final class NarrowStart {
    /// Memory is looked at once for so many bytes received: it grows by nothing else.
    private static final int LOOK_BYTES = 64 * 1024;

    private static final long LOOK_MILLIS = 100;

    /// Two seconds.
    private static final int STILL_LOOKS = 20;

    /// A look ends no more streams than this, to see first what it brought.
    private static final int CUTS_MAX = 16;

    /// Memory must have been easy for so long before windows become large again.
    private static final int EASY_LOOKS = 10;

    private final DirectMemory memory;
    private final WindowSizes sizes;
    private final Function<Http2Stream, @Nullable Flow> flows;
    private int unlooked;
    private boolean narrow;
    private int easyLooks;

    NarrowStart(DirectMemory memory, WindowSizes sizes, Function<Http2Stream, @Nullable Flow> flows) {
        this.memory = memory;
        this.sizes = sizes;
        this.flows = flows;
    }

    void onReceived(ChannelHandlerContext ctx, int bytes, @Nullable Http2Connection connection) {
        unlooked += bytes;
        if (unlooked < LOOK_BYTES) {
            return;
        }
        unlooked = 0;
        if (!narrow && connection != null && memory.pressure() != Pressure.EASY) {
            narrow = true;
            easyLooks = 0;
            announce(ctx, sizes.narrow());
            lookAgain(ctx, connection);
        }
    }

    private void lookAgain(ChannelHandlerContext ctx, Http2Connection connection) {
        ctx.executor().schedule(() -> look(ctx, connection), LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look(ChannelHandlerContext ctx, Http2Connection connection) {
        if (ctx.isRemoved() || !ctx.channel().isActive()) {
            return;
        }
        Pressure pressure = memory.pressure();
        endStalled(ctx, connection, pressure);
        easyLooks = pressure == Pressure.EASY ? easyLooks + 1 : 0;
        if (easyLooks < EASY_LOOKS) {
            lookAgain(ctx, connection);
        } else {
            narrow = false;
            announce(ctx, sizes.start());
        }
    }

    private void endStalled(ChannelHandlerContext ctx, Http2Connection connection, Pressure pressure) {
        var still = new ArrayList<Flow>();
        try {
            connection.forEachActiveStream(stream -> {
                Flow flow = flows.apply(stream);
                if (flow != null && isStill(flow)) {
                    still.add(flow);
                }
                return true;
            });
        } catch (Http2Exception e) {
            ctx.fireExceptionCaught(e);
            return;
        }
        if (pressure.isAtLeast(Pressure.FULL)) {
            end(ctx, still);
        }
    }

    private static boolean isStill(Flow flow) {
        flow.stillLooks = flow.moved || flow.held <= 0 ? 0 : flow.stillLooks + 1;
        flow.moved = false;
        return flow.stillLooks >= STILL_LOOKS;
    }

    private void end(ChannelHandlerContext ctx, List<Flow> still) {
        int ended = 0;
        for (Flow flow : still) {
            Http2FrameStream frames = flow.frames;
            if (frames == null || ended == CUTS_MAX || !memory.pressure().isAtLeast(Pressure.FULL)) {
                continue;
            }
            ended++;
            memory.onStreamEnded();
            ctx.write(new DefaultHttp2ResetFrame(Http2Error.ENHANCE_YOUR_CALM).stream(frames));
            ctx.fireExceptionCaught(new Http2FrameStreamException(
                    frames,
                    Http2Error.ENHANCE_YOUR_CALM,
                    Http2Exception.streamError(
                            frames.id(), Http2Error.ENHANCE_YOUR_CALM, "nobody reads it, and memory is short")));
        }
        if (ended > 0) {
            ctx.flush();
        }
    }

    private static void announce(ChannelHandlerContext ctx, int window) {
        ctx.writeAndFlush(new DefaultHttp2SettingsFrame(new Http2Settings().initialWindowSize(window)));
    }
}
