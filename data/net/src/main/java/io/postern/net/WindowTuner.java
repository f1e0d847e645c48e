package io.postern.net;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2WindowUpdateFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Grows the receive window of streams that fill it, from [#WINDOW_START] up to [#WINDOW_MAX]
/// (docs/architecture/flow-control.md). Sits between the frame codec and the multiplexer, where bytes
/// that the application has taken pass outward as window updates. Confined to the channel's loop.
///
/// While some stream moves much data, a PING measures the round trip, and the bytes delivered from the
/// first of the round until its answer give the stream's rate. A stream needs `rate × shortest round trip` in flight;
/// it is given
/// twice that. The *shortest* round trip counts, because bytes waiting in a queue of the path lengthen
/// the others, and growing by those would only lengthen the queue.
///
/// Growth is paid from the process's [WindowBudget]. When that runs low, a stream that uses less than
/// half its window gives back what it does not use: credit already promised cannot be recalled
/// (RFC 9113 §6.9.2 allows negative windows but not for one stream), so bytes return to the budget only
/// as the stream delivers without being refilled, or closes.
public final class WindowTuner extends ChannelDuplexHandler {
    /// Bytes per stream before anything is measured: 40 Mbit/s at 50 ms.
    public static final int WINDOW_START = 256 * 1024;

    /// 1.3 Gbit/s at 50 ms.
    public static final int WINDOW_MAX = 8 * 1024 * 1024;

    /// The connection's own window is refilled on receipt and must only never be the narrow place.
    static final int CONNECTION_WINDOW = 64 * 1024 * 1024;

    /// Marks our PINGs; any value, different from the keep-alive's.
    static final long PROBE = 0x706f_7374_6572_6e01L;

    /// Between two measurements; a shorter path gains nothing from more.
    private static final long PROBE_PAUSE_NANOS = 10_000_000;

    /// Credit goes back in halves of a window, so a filled one may take two round trips; a queue takes more.
    private static final int FILLED_ROUND_TRIPS_MAX = 3;

    private final WindowBudget budget;
    private final List<Flow> round = new ArrayList<>();

    private @Nullable Http2Connection connection;
    private Http2Connection.@Nullable PropertyKey flowKey;
    private boolean probing;
    private boolean opened;
    private long probeSentNanos;
    private long probeDoneNanos;
    private long roundBeganNanos; // first delivery that the round counts
    private long shortestRoundTripNanos = Long.MAX_VALUE;

    public WindowTuner(WindowBudget budget) {
        this.budget = budget;
    }

    /// One stream that receives. `window` is what it has been promised, of which all beyond
    /// [#WINDOW_START] is reserved in the budget.
    private static final class Flow {
        final Http2Stream stream;
        int window = WINDOW_START;
        int owed; // bytes by which the window was shrunk and which have not come in yet
        long deliveredTotal;
        long deliveredInRound;

        Flow(Http2Stream stream) {
            this.stream = stream;
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        Http2FrameCodec codec = ctx.pipeline().get(Http2FrameCodec.class);
        if (codec == null) {
            throw new IllegalStateException("the window tuner belongs behind the frame codec");
        }
        Http2Connection own = codec.connection();
        connection = own;
        flowKey = own.newKey();
        own.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                forget(stream);
            }
        });
        probeDoneNanos = ctx.executor().ticker().nanoTime() - PROBE_PAUSE_NANOS;
        if (ctx.channel().isActive()) {
            openConnectionWindow(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        openConnectionWindow(ctx);
        ctx.fireChannelActive();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) throws Exception {
        ctx.write(msg, promise);
        if (msg instanceof Http2WindowUpdateFrame taken) {
            Http2FrameStream stream = taken.stream();
            if (stream != null) {
                onDelivered(ctx, stream.id(), taken.windowSizeIncrement());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        if (probing && msg instanceof Http2PingFrame ping && ping.ack() && ping.content() == PROBE) {
            onRoundTrip(ctx);
            return;
        }
        ctx.fireChannelRead(msg);
    }

    /// The window promised to a stream, for tests and metrics.
    int window(Http2Stream stream) {
        Flow flow = flow(stream);
        return flow == null ? WINDOW_START : flow.window;
    }

    private void openConnectionWindow(ChannelHandlerContext ctx) throws Http2Exception {
        if (opened || connection == null) {
            return;
        }
        opened = true;
        Http2LocalFlowController flowController = connection.local().flowController();
        Http2Stream whole = connection.connectionStream();
        int missing = CONNECTION_WINDOW - flowController.initialWindowSize(whole);
        if (missing > 0) {
            flowController.incrementWindowSize(whole, missing);
        }
        // while nothing is queued: later ones would measure our own bytes waiting in a narrow path
        sendProbe(ctx, ctx.executor().ticker().nanoTime());
    }

    private void onDelivered(ChannelHandlerContext ctx, int streamId, int bytes) {
        Http2Stream stream = connection == null ? null : connection.stream(streamId);
        if (stream == null || stream.state() == Http2Stream.State.CLOSED) {
            return;
        }
        Flow flow = flow(stream);
        if (flow == null) {
            flow = new Flow(stream);
            stream.setProperty(key(), flow);
        }
        if (flow.owed > 0) {
            int paid = Math.min(flow.owed, bytes);
            flow.owed -= paid;
            budget.release(paid);
        }
        flow.deliveredTotal += bytes;
        if (round.isEmpty()) {
            // a narrow window is delivered in bursts, one a round trip: the round must hold a whole one
            roundBeganNanos = ctx.executor().ticker().nanoTime();
        }
        if (flow.deliveredInRound == 0) {
            round.add(flow);
        }
        flow.deliveredInRound += bytes;
        if (!probing && flow.deliveredTotal >= WINDOW_START / 2) {
            // small answers never get here, so they cost no PING
            startProbe(ctx);
        }
    }

    private void startProbe(ChannelHandlerContext ctx) {
        long now = ctx.executor().ticker().nanoTime();
        if (now - probeDoneNanos >= PROBE_PAUSE_NANOS) {
            sendProbe(ctx, now);
        }
    }

    private void sendProbe(ChannelHandlerContext ctx, long now) {
        probing = true;
        probeSentNanos = now;
        ctx.writeAndFlush(new DefaultHttp2PingFrame(PROBE, false));
    }

    private void onRoundTrip(ChannelHandlerContext ctx) throws Http2Exception {
        probing = false;
        probeDoneNanos = ctx.executor().ticker().nanoTime();
        long roundTrip = Math.max(1, probeDoneNanos - probeSentNanos);
        shortestRoundTripNanos = Math.min(shortestRoundTripNanos, roundTrip);
        long measured = Math.max(roundTrip, probeDoneNanos - roundBeganNanos);
        double shortening = (double) shortestRoundTripNanos / measured;
        boolean brisk = measured <= FILLED_ROUND_TRIPS_MAX * shortestRoundTripNanos;
        for (Flow flow : round) {
            double inFlight = flow.deliveredInRound * shortening;
            // a whole window in so short a time: the window, and nothing else, holds the stream back
            boolean filled = brisk && flow.deliveredInRound >= flow.window;
            flow.deliveredInRound = 0;
            if (flow.stream.state() != Http2Stream.State.CLOSED) {
                fit(flow, (int) Math.min(WINDOW_MAX, 2 * (filled ? Math.max(flow.window, inFlight) : inFlight)));
            }
        }
        round.clear();
        ctx.flush();
    }

    private void fit(Flow flow, int target) throws Http2Exception {
        if (target > flow.window) {
            // at most twofold per round trip: one odd measurement then costs little
            int want = Math.min(target, 2 * flow.window) - flow.window;
            int returned = Math.min(want, flow.owed); // still reserved from before it shrank
            flow.owed -= returned;
            int granted = returned + (int) budget.reserve(want - returned);
            resize(flow, granted);
        } else if (budget.isTight() && flow.window > WINDOW_START && target < flow.window / 2) {
            int surplus = flow.window - Math.max(WINDOW_START, target);
            flow.owed += surplus;
            resize(flow, -surplus);
        }
    }

    private void resize(Flow flow, int delta) throws Http2Exception {
        if (delta != 0 && connection != null) {
            flow.window += delta;
            connection.local().flowController().incrementWindowSize(flow.stream, delta);
        }
    }

    private void forget(Http2Stream stream) {
        Flow flow = flow(stream);
        if (flow != null) {
            stream.removeProperty(key());
            budget.release(flow.window - WINDOW_START + flow.owed);
        }
    }

    private @Nullable Flow flow(Http2Stream stream) {
        return stream.getProperty(key());
    }

    private Http2Connection.PropertyKey key() {
        if (flowKey == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return flowKey;
    }
}
