package io.postern.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    private long nowMillis;

    @AfterEach
    void close() {
        toReceiver.drop();
        toSender.drop();
        reader.stream.close(); // what was not read is released by closing only
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
        assertEquals(WindowTuner.WINDOW_MAX, window());
    }

    @Test
    void doesNotGrowByTheQueueOfANarrowPath() throws Exception {
        toReceiver.bytesPerMilli = 1_250; // 10 Mbit/s: 62 KiB fill it, all beyond waits in a queue
        connect(budget);

        run(3_000);

        assertEquals(WindowTuner.WINDOW_START, window());
        assertTrue(reader.bytes > 3_000L * 1_250 * 8 / 10, "moved " + reader.bytes);
    }

    @Test
    void doesNotGrowForAReaderThatIsSlow() throws Exception {
        connect(budget);
        reader.slow = true;

        run(1_000);

        assertTrue(window() <= 4 * WindowTuner.WINDOW_START, "grew to " + window());
    }

    @Test
    void neverPromisesMoreThanTheBudget() throws Exception {
        var small = new WindowBudget(1 << 20);
        connect(small);

        run(1_000);

        assertEquals(WindowTuner.WINDOW_START + (1 << 20), window());
        assertEquals(1 << 20, small.bytesUsed());
    }

    @Test
    void givesBackWhatItDoesNotUseWhenTheBudgetIsTight() throws Exception {
        var small = new WindowBudget(2 << 20);
        connect(small);
        run(1_000);
        assertEquals(2 << 20, small.bytesUsed());

        reader.slow = true;
        toReceiver.bytesPerMilli = 2_000;
        run(4_000);

        assertTrue(small.bytesUsed() < 1 << 20, "still holds " + small.bytesUsed());
        assertTrue(window() < 1 << 20, "window " + window());
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
        Http2Codecs.installTunnelServer(sender.pipeline(), new WindowBudget(0), 100, new Endless());
        Http2Codecs.installTunnelClient(receiver.pipeline(), receiving, new ChannelInboundHandlerAdapter());
        var opened = new Http2StreamChannelBootstrap(receiver).handler(reader).open();
        receiver.runPendingTasks();
        reader.stream = opened.getNow();
        reader.stream.config().setAutoRead(false);
        reader.stream.writeAndFlush(new DefaultHttp2HeadersFrame(
                new DefaultHttp2Headers()
                        .method("GET")
                        .scheme("http")
                        .authority("a")
                        .path("/"),
                true));
    }

    private int window() {
        return receiver.pipeline()
                .get(WindowTuner.class)
                .window(receiver.pipeline().get(Http2FrameCodec.class).connection().stream(
                        reader.stream.stream().id()));
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
        boolean slow; // at most 16 chunks every 50 ms

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof Http2DataFrame data) {
                bytes += data.content().readableBytes();
            }
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
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

    private static final class Writer extends ChannelInboundHandlerAdapter {
        private final Channel stream;

        Writer(Channel stream) {
            this.stream = stream;
        }

        void pump() {
            // at most what a fast backend gives in one turn
            for (int i = 0; i < 64 && stream.isActive() && stream.isWritable(); i++) {
                stream.write(
                        new DefaultHttp2DataFrame(stream.alloc().buffer(CHUNK).writeZero(CHUNK)));
            }
            stream.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            pump();
        }
    }
}
