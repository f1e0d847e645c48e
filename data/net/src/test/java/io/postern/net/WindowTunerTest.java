package io.postern.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A gateway (receiver) and a connector (sender) joined by a path with delay and bandwidth, in time that
/// the test moves: a second of path takes as long as its bytes need to be copied.
class WindowTunerTest {
    private static final int ONE_WAY_MILLIS = 25;
    private static final int CHUNK = 16 * 1024;

    private final WindowBudget budget = new WindowBudget(64 << 20);
    private final List<Channel> senders = new ArrayList<>();
    private final EmbeddedChannel receiver = new EmbeddedChannel();
    private final EmbeddedChannel sender = new EmbeddedChannel();
    private final Path toReceiver = new Path(sender, receiver);
    private final Path toSender = new Path(receiver, sender);
    private final Reader reader = new Reader();
    private final List<Reader> others = new ArrayList<>();
    private long bodyLength = Long.MAX_VALUE;
    private long nowMillis;

    @AfterEach
    void close() {
        toReceiver.drop();
        toSender.drop();
        reader.stream.close(); // what was not read is released by closing only
        others.forEach(other -> other.stream.close());
        receiver.finishAndReleaseAll();
        sender.finishAndReleaseAll();
    }

    @Test
    void growsUntilALongFatPathIsFilled() throws Exception {
        connect(budget);

        run(1_000);
        long before = reader.bytes;
        run(500);

        // 8 MiB per 50 ms are 80 MiB in half a second; with 256 KiB it would be 2.5 MiB
        assertTrue(reader.bytes - before > 60L << 20, "moved " + (reader.bytes - before));
        assertEquals(WindowSizes.TUNNEL.max(), window());
    }

    @Test
    void doesNotGrowByTheQueueOfANarrowPath() throws Exception {
        toReceiver.bytesPerMilli = 1_250; // 10 Mbit/s: 62 KiB fill it, all beyond waits in a queue
        connect(budget);

        run(3_000);

        assertEquals(WindowSizes.TUNNEL.start(), window());
        assertTrue(reader.bytes > 3_000L * 1_250 * 8 / 10, "moved " + reader.bytes);
    }

    @Test
    void doesNotGrowForAReaderThatIsSlow() throws Exception {
        connect(budget);
        reader.slow = true;

        run(1_000);

        assertTrue(window() <= 4 * WindowSizes.TUNNEL.start(), "grew to " + window());
    }

    @Test
    void neverPromisesMoreThanTheBudget() throws Exception {
        var small = new WindowBudget(1 << 20);
        connect(small);

        run(400);

        assertEquals(WindowSizes.TUNNEL.start() + (1 << 20), window());
        assertEquals(1 << 20, small.bytesUsed());
    }

    @Test
    void givesBackWhatItDoesNotUseWhenTheBudgetIsTight() throws Exception {
        var small = new WindowBudget(2 << 20);
        connect(small);
        run(400);
        assertEquals(2 << 20, small.bytesUsed());

        reader.slow = true;
        toReceiver.bytesPerMilli = 2_000;
        run(4_000);

        assertTrue(small.bytesUsed() < 1 << 20, "still holds " + small.bytesUsed());
        assertTrue(window() < 1 << 20, "window " + window());
    }

    @Test
    void takesFewRoundTripsToGrow() throws Exception {
        connect(budget);

        run(8 * 2 * ONE_WAY_MILLIS); // two to open, then 256 KiB, 1 MiB, 4 MiB, and each seen one later

        assertEquals(WindowSizes.TUNNEL.max(), window());
    }

    @Test
    void givesALaterStreamAtOnceWhatThePathNeeds() throws Exception {
        connect(budget);
        run(500);
        reader.stream.close();

        Reader later = openAnother();
        run(5 * 2 * ONE_WAY_MILLIS);

        assertEquals(WindowSizes.TUNNEL.max(), window(later));
    }

    @Test
    void sharesATightBudgetWithWhoComesLater() throws Exception {
        var small = new WindowBudget(4 << 20);
        connect(small);
        run(400);
        assertEquals(4 << 20, small.bytesUsed());

        Reader second = openAnother();
        Reader third = openAnother();
        run(1_500);

        int share = WindowSizes.TUNNEL.start() + (4 << 20) / 3;
        for (Reader one : List.of(reader, second, third)) {
            assertTrue(window(one) > share * 3 / 4, "has " + window(one) + " of a share of " + share);
        }
        assertTrue(small.bytesUsed() <= 4 << 20);
    }

    @Test
    void takesFromAnIdleStreamWhatOthersNeed() throws Exception {
        var small = new WindowBudget(2 << 20);
        connect(small);
        run(400);
        Writer idle = senders.getFirst().pipeline().get(Writer.class);
        idle.paused = true;

        Reader second = openAnother();
        run(2_500);

        assertEquals(WindowSizes.TUNNEL.start(), window());
        assertEquals(WindowSizes.TUNNEL.start() + (2 << 20), window(second));
    }

    @Test
    void makesAllWindowsSmallWhileMemoryIsShort() throws Exception {
        var used = new AtomicLong();
        connect(new WindowBudget(64 << 20, new DirectMemory(used::get, 100)));
        reader.stalls = true;
        used.set(50);
        run(500);

        Reader later = openAnother();
        later.stalls = true;
        run(500);
        assertEquals(WindowSizes.TUNNEL.narrow(), window(later));
        assertEquals(WindowSizes.TUNNEL.narrow(), window());

        used.set(10);
        run(2_000);
        assertEquals(WindowSizes.TUNNEL.start(), window(later));
    }

    @Test
    void endsAStalledStreamAndNoOtherWhenMemoryIsFull() throws Exception {
        var used = new AtomicLong();
        connect(new WindowBudget(64 << 20, new DirectMemory(used::get, 100)));
        toReceiver.bytesPerMilli = 2_000;
        Reader stalled = openAnother();
        stalled.stalls = true;
        used.set(50);
        run(500);

        used.set(70);
        run(3_000);

        assertFalse(stalled.stream.isActive());
        assertTrue(reader.stream.isActive());
        long before = reader.bytes;
        run(200);
        assertTrue(reader.bytes > before);
    }

    /// Netty takes the frame that only ends such a stream for a breach of flow control.
    @Test
    void bearsTheEndOfAStreamWhoseWindowBecameNegative() throws Exception {
        var used = new AtomicLong();
        bodyLength = WindowSizes.TUNNEL.start(); // so the end finds nothing before it in the queue
        connect(new WindowBudget(64 << 20, new DirectMemory(used::get, 100)));
        reader.stalls = true;
        run(300);
        used.set(50);
        Reader other = openAnother(); // by whose bytes memory is looked at
        run(300);
        assertEquals(WindowSizes.TUNNEL.narrow(), window());
        reader.stream.read(); // a little is taken: a window update, and the window stays negative
        run(100);
        senders.getFirst().writeAndFlush(new DefaultHttp2DataFrame(true));
        run(100);

        reader.stalls = false;
        reader.stream.read();
        run(100);

        assertTrue(reader.ended, "after " + reader.bytes);
        assertEquals(bodyLength, reader.bytes);
        assertTrue(other.bytes > 0);
    }

    @Test
    void returnsEverythingWhenTheStreamEnds() throws Exception {
        connect(budget);
        run(500);
        assertTrue(budget.bytesUsed() > 0);

        reader.stream.close();
        run(100);

        assertEquals(0, budget.bytesUsed());
    }

    @Test
    void returnsEverythingWhenTheConnectionIsLost() throws Exception {
        connect(budget);
        run(500);

        receiver.close();
        receiver.runPendingTasks();

        assertEquals(0, budget.bytesUsed());
    }

    private void connect(WindowBudget receiving) throws Exception {
        receiver.freezeTime();
        sender.freezeTime();
        Http2Codecs.installTunnelServer(
                sender.pipeline(), new WindowBudget(0), 100, new Http2MultiplexHandler(new Endless()));
        Http2Codecs.installTunnelClient(
                receiver.pipeline(), receiving, new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
        open(reader);
    }

    private Reader openAnother() {
        var another = new Reader();
        others.add(another);
        open(another);
        return another;
    }

    private void open(Reader by) {
        var opened = new Http2StreamChannelBootstrap(receiver)
                .option(ChannelOption.AUTO_READ, false)
                .handler(by)
                .open();
        receiver.runPendingTasks();
        by.stream = opened.getNow();
        by.stream.writeAndFlush(new DefaultHttp2HeadersFrame(
                new DefaultHttp2Headers()
                        .method("GET")
                        .scheme("http")
                        .authority("a")
                        .path("/"),
                true));
    }

    private int window() {
        return window(reader);
    }

    private int window(Reader by) {
        return receiver.pipeline()
                .get(WindowTuner.class)
                .window(receiver.pipeline().get(Http2FrameCodec.class).connection().stream(
                        by.stream.stream().id()));
    }

    private void run(int millis) {
        for (int i = 0; i < millis; i++) {
            nowMillis++;
            receiver.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            sender.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            receiver.runScheduledPendingTasks();
            sender.runScheduledPendingTasks();
            toReceiver.step();
            toSender.step();
            for (Channel stream : senders) {
                if (stream.isActive()) {
                    stream.pipeline().get(Writer.class).pump();
                }
            }
            receiver.runPendingTasks();
            sender.runPendingTasks();
        }
    }

    /// One direction of the path: a queue with delay and, if set, bandwidth.
    private final class Path {
        private record Packet(ByteBuf bytes, long dueMillis) {}

        private final EmbeddedChannel from;
        private final EmbeddedChannel to;
        private final ArrayDeque<Packet> queue = new ArrayDeque<>();
        private long allowance;
        int bytesPerMilli = Integer.MAX_VALUE;

        Path(EmbeddedChannel from, EmbeddedChannel to) {
            this.from = from;
            this.to = to;
        }

        void step() {
            for (ByteBuf bytes; (bytes = from.readOutbound()) != null; ) {
                queue.add(new Packet(bytes, nowMillis + ONE_WAY_MILLIS));
            }
            allowance = Math.min(allowance + bytesPerMilli, bytesPerMilli);
            while (!queue.isEmpty() && queue.peek().dueMillis <= nowMillis && allowance > 0) {
                ByteBuf bytes = queue.poll().bytes;
                allowance -= bytes.readableBytes();
                to.writeInbound(bytes);
            }
        }

        void drop() {
            queue.forEach(packet -> packet.bytes.release());
        }
    }

    private static final class Reader extends ChannelInboundHandlerAdapter {
        Http2StreamChannel stream;
        long bytes;
        boolean stalls; // reads no more
        boolean ended;
        boolean slow; // at most 16 chunks every 50 ms

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof Http2DataFrame data) {
                bytes += data.content().readableBytes();
                ended |= data.isEndStream();
            }
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (stalls) {
                return;
            }
            if (!slow) {
                ctx.read();
            } else {
                ctx.executor().schedule((Runnable) ctx::read, 50, TimeUnit.MILLISECONDS);
            }
        }
    }

    @Sharable
    private final class Endless extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.pipeline().addLast(new Writer(ctx.channel()));
            senders.add(ctx.channel());
            ctx.channel().write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false));
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ReferenceCountUtil.release(msg);
        }
    }

    private final class Writer extends ChannelInboundHandlerAdapter {
        private final Channel stream;
        boolean paused;
        long left = bodyLength;

        Writer(Channel stream) {
            this.stream = stream;
        }

        void pump() {
            // at most what a fast backend gives in one turn
            for (int i = 0; i < 64 && !paused && left > 0 && stream.isActive() && stream.isWritable(); i++) {
                stream.write(
                        new DefaultHttp2DataFrame(stream.alloc().buffer(CHUNK).writeZero(CHUNK)));
                left -= CHUNK;
            }
            stream.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            pump();
        }
    }
}
