package io.postern.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.fixtures.Joined;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A gateway's and a connector's table of streams, joined without sockets: bytes move in [#turn()].
class FrameStreamsTest {
    private static final int KIB = 1024;

    private final EmbeddedChannel opening = new EmbeddedChannel();
    private final EmbeddedChannel accepting = new EmbeddedChannel();
    private final List<End> accepted = new ArrayList<>();
    private final FrameStreams client = FrameStreams.opening(() -> {});
    private final FrameStreams server = FrameStreams.accepting(this::accept, () -> {});
    private boolean acceptedReads = true;

    @BeforeEach
    void connect() {
        Http2Codecs.installTunnelServer(accepting.pipeline(), new WindowBudget(0), 3, server);
        Http2Codecs.installTunnelClient(opening.pipeline(), new WindowBudget(0), client);
        turn();
    }

    @AfterEach
    void close() {
        opening.finishAndReleaseAll();
        accepting.finishAndReleaseAll();
    }

    @Test
    void carriesAnExchangeBothWaysAndForgetsItThen() {
        End here = request(false);
        here.data(5, true);
        turn();
        End there = accepted.getFirst();
        assertEquals(5, there.bytes);
        assertTrue(there.ended);

        there.head(false);
        there.data(7, true);
        turn();

        assertEquals(7, here.bytes);
        assertTrue(here.ended);
        assertTrue(here.closed && there.closed);
        assertEquals(0, client.open());
        assertEquals(0, server.open());
    }

    @Test
    void deliversNothingThatWasNotAskedFor() {
        acceptedReads = false;
        End here = request(false);
        turn(); // the head alone is asked for by the table
        End there = accepted.getFirst();
        here.data(5, false);
        turn();
        assertEquals(0, there.bytes);

        there.stream.read();

        assertEquals(5, there.bytes);
    }

    @Test
    void asksBetweenBatchesWhetherThereIsRoom() {
        acceptedReads = false;
        End here = request(false);
        turn();
        for (int i = 0; i < 40; i++) {
            here.data(KIB, false);
        }
        turn();
        End there = accepted.getFirst();

        there.stream.read();
        assertEquals(16 * KIB, there.bytes);
        assertEquals(1, there.readsCompleted);

        there.reads = true;
        there.stream.read();
        assertEquals(40 * KIB, there.bytes);
    }

    @Test
    void aWriterSeesItsWindowFillAndOpenAgain() {
        acceptedReads = false;
        End here = request(false);
        turn();
        while (here.stream.isWritable()) {
            here.data(64 * KIB, false);
            turn();
        }
        assertTrue(here.written <= WindowSizes.TUNNEL.start() + Loops.MARKS.high() + 64 * KIB, "wrote " + here.written);

        End there = accepted.getFirst();
        there.reads = true;
        there.stream.read();
        turn();

        assertTrue(here.stream.isWritable());
        assertEquals(1, here.writableAgain);
        assertEquals(here.written, there.bytes);
    }

    @Test
    void aResetDropsWhatWasNotReadAndIsHeardOnBothSides() {
        acceptedReads = false;
        End here = request(false);
        turn();
        here.data(KIB, false);
        turn();
        End there = accepted.getFirst();

        here.stream.reset(Http2Error.CANCEL);
        turn();

        assertEquals(List.of(Http2Error.CANCEL.code()), there.resets);
        assertTrue(there.closed && here.closed);
        assertEquals(List.of(), here.resets);
        there.reads = true;
        there.stream.read();
        assertEquals(0, there.bytes);
    }

    @Test
    void anAnswerOutlivesTheResetThatOnlyEndsTheRequest() {
        End here = request(false);
        turn();
        End there = accepted.getFirst();
        there.head(false);
        there.stream.writeThen(
                new DefaultHttp2DataFrame(bytes(3), true), () -> there.stream.reset(Http2Error.NO_ERROR));
        there.stream.flush();
        here.reads = false;
        here.stream.read();
        turn();
        assertEquals(List.of(Http2Error.NO_ERROR.code()), here.resets);

        here.reads = true;
        here.stream.read();
        turn();

        assertEquals(3, here.bytes);
        assertTrue(here.ended && here.closed);
    }

    @Test
    void streamsBeyondThePeersLimitAreRefused() {
        for (int i = 0; i < 3; i++) {
            request(false);
        }
        End fourth = request(false);
        turn();

        assertEquals(List.of(Http2Error.REFUSED_STREAM.code()), fourth.resets);
        assertTrue(fourth.closed);
        assertEquals(3, client.open());
    }

    @Test
    void streamsThatThePeerNeverProcessedAreRefused() {
        End first = request(false);
        turn();
        opening.pipeline().remove(WindowTuner.class); // whose PING would move the second head along
        End second = request(false);
        accepting.writeOutbound(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        Joined.carry(accepting, opening);

        assertEquals(List.of(Http2Error.REFUSED_STREAM.code()), second.resets);
        assertEquals(List.of(), first.resets);
        assertFalse(first.closed);
    }

    @Test
    void aLostConnectionEndsEveryStreamOnce() {
        End one = request(true);
        End two = request(false);
        turn();

        accepting.close();
        opening.close();
        opening.runPendingTasks();
        accepting.runPendingTasks();

        assertTrue(one.closed && two.closed);
        assertTrue(accepted.stream().allMatch(end -> end.closed));
        assertEquals(0, client.open() + server.open());
    }

    @Test
    void aListenerThatThrowsHarmsItsOwnStreamOnly() {
        End bad = request(false);
        End good = request(false);
        turn();
        accepted.getFirst().throwsOnData = true;

        bad.data(1, false);
        good.data(1, true);
        turn();

        assertEquals(List.of(Http2Error.INTERNAL_ERROR.code()), bad.resets);
        assertEquals(1, accepted.getFirst().failures);
        assertEquals(1, accepted.get(1).bytes);
        assertTrue(opening.isOpen());
    }

    @Test
    void whatIsWrittenAfterTheEndIsReleasedAndReported() {
        End here = request(false);
        here.stream.reset(Http2Error.CANCEL);
        ByteBuf late = bytes(1);
        var written = new boolean[1];

        here.stream.writeThen(new DefaultHttp2DataFrame(late, true), () -> written[0] = true);

        assertEquals(0, late.refCnt());
        assertTrue(written[0]);
    }

    private End request(boolean last) {
        var end = new End(true);
        end.stream = client.open(end);
        end.stream.write(new DefaultHttp2HeadersFrame(
                new DefaultHttp2Headers()
                        .method("POST")
                        .scheme("http")
                        .authority("a")
                        .path("/"),
                last));
        end.stream.flush();
        end.stream.read();
        return end;
    }

    private FrameListener accept(FrameStream stream, Http2HeadersFrame head) {
        var end = new End(acceptedReads);
        end.stream = stream;
        accepted.add(end);
        return end;
    }

    private void turn() {
        Joined.turn(opening, accepting);
    }

    private static ByteBuf bytes(int count) {
        return ByteBufAllocator.DEFAULT.buffer(count).writeZero(count);
    }

    /// One end of a stream; reads on by itself where it is told so.
    private static final class End implements FrameListener {
        private FrameStream stream;
        private boolean reads;
        private boolean throwsOnData;
        private int bytes;
        private int written;
        private int readsCompleted;
        private int writableAgain;
        private int failures;
        private boolean ended;
        private boolean closed;
        private final List<Long> resets = new ArrayList<>();

        End(boolean reads) {
            this.reads = reads;
        }

        void head(boolean last) {
            stream.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), last));
            stream.flush();
        }

        void data(int count, boolean last) {
            written += count;
            stream.write(new DefaultHttp2DataFrame(bytes(count), last));
            stream.flush();
        }

        @Override
        public void onFrame(Http2StreamFrame frame) {
            try {
                if (frame instanceof Http2DataFrame data) {
                    if (throwsOnData) {
                        throw new IllegalStateException("a fault of the listener");
                    }
                    bytes += data.content().readableBytes();
                    ended |= data.isEndStream();
                } else if (frame instanceof Http2HeadersFrame head) {
                    ended |= head.isEndStream();
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        @Override
        public void onReadComplete() {
            readsCompleted += bytes > 0 ? 1 : 0;
            if (reads) {
                stream.read();
            }
        }

        @Override
        public void onWritable() {
            writableAgain++;
        }

        @Override
        public void onReset(long code) {
            resets.add(code);
        }

        @Override
        public void onFailed(RuntimeException cause) {
            failures++;
        }

        @Override
        public void onClosed() {
            assertFalse(closed, "told twice");
            closed = true;
        }
    }
}
