package io.postern.net;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2WindowUpdateFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Grows the receive window of streams that fill it, from [WindowSizes#start()] up to [WindowSizes#max()],
/// and shrinks it when others need the memory (docs/architecture/flow-control.md). Sits between the frame codec
/// and the multiplexer, where bytes that the application has taken pass outward as window updates. Confined
/// to the channel's loop.
///
/// While some stream moves much data, a PING measures the round trip, and the bytes delivered from the
/// first of the round until its answer give the stream's rate. A stream needs `rate × shortest round trip`
/// in flight; it is given twice that. The *shortest* round trip counts, because bytes waiting in a queue of
/// the path lengthen the others, and growing by those would only lengthen the queue.
///
/// Growth is paid from the process's [WindowBudget]. When that is contended, a stream gives back what is
/// beyond its share, and an idle one all of it. Credit already promised to one stream cannot be recalled, so
/// bytes return to the budget only as the stream delivers without being refilled, or closes.
///
/// What the start windows promise is not reserved, since most streams never use theirs. It is bounded by the
/// memory that is really used: when [DirectMemory] runs low, [NarrowStart] takes over.
public final class WindowTuner extends ChannelDuplexHandler {
    /// Marks our PINGs; any value, different from the keep-alive's.
    static final long PROBE = 0x706f_7374_6572_6e01L;

    /// A filled window may take two round trips where credit comes back late; a queue takes more.
    private static final int FILLED_ROUND_TRIPS_MAX = 3;

    /// Per round trip, for a stream that its window alone holds back; else twofold, so that one odd
    /// measurement costs little.
    private static final int GROWTH_MAX = 4;

    /// Of a grown window, how much is still promised when credit is returned. Returning it in halves, as small
    /// windows do, would let a path as long as the window stand still half the time.
    private static final float GROWN_RATIO = 0.875f;

    /// A grown stream that has delivered nothing for so long is idle.
    private static final long IDLE_NANOS = 1_000_000_000;

    /// How often idle streams are looked for.
    private static final long WATCH_MILLIS = 500;

    private final WindowBudget budget;
    private final WindowSizes sizes;
    private final NarrowStart narrow;
    private final List<Flow> round = new ArrayList<>();
    private final List<Flow> claiming = new ArrayList<>();

    private @Nullable Http2Connection connection;
    private Http2Connection.@Nullable PropertyKey flowKey;
    private boolean probing;
    private boolean opened;
    private boolean watching;
    private long probeSentNanos;
    private long probeDoneNanos;
    private long roundBeganNanos; // first delivery that the round counts
    private long shortestRoundTripNanos = Long.MAX_VALUE;
    private int provenWindow; // the largest that a stream of this path has filled half of

    public WindowTuner(WindowBudget budget, WindowSizes sizes) {
        this.budget = budget;
        this.sizes = sizes;
        this.narrow = new NarrowStart(budget.memory(), sizes, this::flow);
    }

    /// One stream that receives.
    static final class Flow {
        final Http2Stream stream;

        @Nullable
        Http2FrameStream frames; // known from the first DATA on

        int extra; // of its window, reserved in the budget
        int owed; // reserved too: promised before the window was shrunk, and not come in yet
        boolean claims;
        long deliveredTotal;
        long deliveredInRound;
        long roundNanos; // when it last was in a round
        long held; // received, not delivered
        boolean moved; // delivered something since the last look
        int stillLooks;

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
        probeDoneNanos = now(ctx) - sizes.probePauseNanos();
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
        if (msg instanceof Http2DataFrame data) {
            onReceived(ctx, data);
        } else if (probing && msg instanceof Http2PingFrame ping && ping.ack() && ping.content() == PROBE) {
            onRoundTrip(ctx);
            return;
        }
        ctx.fireChannelRead(msg);
    }

    /// The window promised to a stream, for tests.
    int window(Http2Stream stream) {
        return flowController().initialWindowSize(stream);
    }

    private void openConnectionWindow(ChannelHandlerContext ctx) throws Http2Exception {
        if (opened || connection == null) {
            return;
        }
        opened = true;
        Http2Stream whole = connection.connectionStream();
        int missing = sizes.connection() - flowController().initialWindowSize(whole);
        if (missing > 0) {
            flowController().incrementWindowSize(whole, missing);
        }
        if (sizes.probesAtStart()) {
            // while nothing is queued: later ones would measure our own bytes waiting in a narrow path
            sendProbe(ctx, now(ctx));
        }
    }

    private void onReceived(ChannelHandlerContext ctx, Http2DataFrame data) {
        Http2FrameStream frames = data.stream();
        Http2Stream stream = frames == null || connection == null ? null : connection.stream(frames.id());
        if (stream != null) {
            Flow flow = open(stream);
            flow.frames = frames;
            flow.held += data.initialFlowControlledBytes();
        }
        narrow.onReceived(ctx, data.initialFlowControlledBytes(), connection);
    }

    private void onDelivered(ChannelHandlerContext ctx, int streamId, int bytes) {
        Http2Stream stream = connection == null ? null : connection.stream(streamId);
        if (stream == null || stream.state() == Http2Stream.State.CLOSED) {
            return;
        }
        Flow flow = open(stream);
        flow.held -= bytes;
        flow.moved = true;
        if (flow.owed > 0) {
            int paid = Math.min(flow.owed, bytes);
            flow.owed -= paid;
            budget.release(paid);
        }
        flow.deliveredTotal += bytes;
        if (round.isEmpty()) {
            // a narrow window is delivered in bursts, one a round trip: the round must hold a whole one
            roundBeganNanos = now(ctx);
        }
        if (flow.deliveredInRound == 0) {
            round.add(flow);
        }
        flow.deliveredInRound += bytes;
        if (!probing && flow.deliveredTotal >= sizes.start() / 2) {
            // small answers never get here, so they cost no PING
            startProbe(ctx);
        }
    }

    private void startProbe(ChannelHandlerContext ctx) {
        long now = now(ctx);
        if (now - probeDoneNanos >= sizes.probePauseNanos()) {
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
        long now = now(ctx);
        probeDoneNanos = now;
        long roundTrip = Math.max(1, now - probeSentNanos);
        shortestRoundTripNanos = Math.min(shortestRoundTripNanos, roundTrip);
        long measured = Math.max(roundTrip, now - roundBeganNanos);
        double shortening = (double) shortestRoundTripNanos / measured;
        boolean brisk = measured <= FILLED_ROUND_TRIPS_MAX * shortestRoundTripNanos;
        for (Flow flow : round) {
            double inFlight = flow.deliveredInRound * shortening;
            long delivered = flow.deliveredInRound;
            flow.deliveredInRound = 0;
            flow.roundNanos = now;
            if (flow.stream.state() == Http2Stream.State.CLOSED) {
                continue;
            }
            int window = window(flow.stream);
            if (inFlight >= window / 2.0) {
                provenWindow = Math.max(provenWindow, window);
            }
            if (brisk && delivered >= window) {
                // a whole window in so short a time: the window, and nothing else, holds the stream back
                fit(flow, Math.max(provenWindow, (int) Math.min(sizes.max(), GROWTH_MAX * (long) window)), now);
            } else {
                long fitting = Math.min(2L * window, (long) (2 * inFlight));
                fit(flow, (int) Math.min(sizes.max(), fitting), now);
            }
        }
        round.clear();
        watch(ctx);
        ctx.flush();
    }

    /// @param target as large as the window should be
    private void fit(Flow flow, int target, long now) throws Http2Exception {
        int window = window(flow.stream);
        boolean contended = budget.isContended(now);
        if (contended && flow.extra > budget.share()) {
            shrink(flow, (int) (flow.extra - budget.share()));
        } else if (target > window) {
            grow(flow, target - window, contended, now);
        } else if (budget.isTight() && target < window / 2) {
            shrink(flow, Math.min(flow.extra, window - target));
        }
    }

    private void grow(Flow flow, int wanted, boolean contended, long now) throws Http2Exception {
        if (budget.memory().pressure().isAtLeast(DirectMemory.Pressure.FULL)) {
            return;
        }
        if (!flow.claims) {
            flow.claims = true;
            claiming.add(flow);
            budget.claim();
        }
        int want = contended ? (int) Math.min(wanted, budget.share() - flow.extra) : wanted;
        if (want <= 0) {
            return;
        }
        int kept = Math.min(want, flow.owed); // still reserved from before it shrank
        int granted = kept + (int) budget.reserve(want - kept, flow.extra + flow.owed, now);
        flow.owed -= kept;
        flow.extra += granted;
        if (granted > 0) {
            flowController().incrementWindowSize(flow.stream, granted);
            flowController().windowUpdateRatio(flow.stream, GROWN_RATIO);
        }
    }

    private void shrink(Flow flow, int surplus) throws Http2Exception {
        if (surplus <= 0) {
            return;
        }
        flow.extra -= surplus;
        flowController().incrementWindowSize(flow.stream, -surplus);
        // what is still promised beyond the new window; the rest of the surplus is free at once
        int promised =
                flowController().windowSize(flow.stream) + flowController().unconsumedBytes(flow.stream);
        int owed = Math.clamp((long) promised - window(flow.stream), 0, surplus);
        flow.owed += owed;
        budget.release(surplus - owed);
    }

    /// Looks from time to time, while streams have grown, for those that no longer use what others need.
    private void watch(ChannelHandlerContext ctx) {
        if (!watching && !claiming.isEmpty()) {
            watching = true;
            ctx.executor().schedule(() -> onWatch(ctx), WATCH_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void onWatch(ChannelHandlerContext ctx) {
        watching = false;
        long now = now(ctx);
        boolean needed = budget.isContended(now) || budget.isTight();
        for (Flow flow : List.copyOf(claiming)) {
            if (needed && now - flow.roundNanos >= IDLE_NANOS) {
                giveUp(ctx, flow);
            }
        }
        watch(ctx);
    }

    /// An idle stream's window becomes a small one. What it was promised and may yet send is written off: it
    /// can come once, and [DirectMemory] sees it if nobody reads it.
    private void giveUp(ChannelHandlerContext ctx, Flow flow) {
        try {
            flowController().incrementWindowSize(flow.stream, -flow.extra);
            release(flow);
        } catch (Http2Exception e) {
            ctx.fireExceptionCaught(e);
        }
    }

    private void release(Flow flow) {
        budget.release(flow.extra + flow.owed);
        flow.extra = 0;
        flow.owed = 0;
        if (flow.claims) {
            flow.claims = false;
            claiming.remove(flow);
            budget.unclaim();
        }
    }

    private void forget(Http2Stream stream) {
        Flow flow = flow(stream);
        if (flow != null) {
            stream.removeProperty(key());
            release(flow);
        }
    }

    private Flow open(Http2Stream stream) {
        Flow flow = flow(stream);
        if (flow == null) {
            flow = new Flow(stream);
            stream.setProperty(key(), flow);
        }
        return flow;
    }

    private @Nullable Flow flow(Http2Stream stream) {
        return stream.getProperty(key());
    }

    private static long now(ChannelHandlerContext ctx) {
        return ctx.executor().ticker().nanoTime();
    }

    private DefaultHttp2LocalFlowController flowController() {
        if (connection == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return (DefaultHttp2LocalFlowController) connection.local().flowController();
    }

    private Http2Connection.PropertyKey key() {
        if (flowKey == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return flowKey;
    }
}
