package io.postern.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/// One stream in a [FrameStreams] table. Confined to the channel's loop but for the bytes that wait to be written,
/// which writers on other loops count too.
///
///     Open ──closed in HTTP/2──▶ Ended ──all read──▶ Closed
///       └───────── reset, by either side ──────────────▲
final class PlainStream implements FrameStream, Runnable {
    /// Frames delivered before the listener is asked again whether it has room: at most a mebibyte.
    private static final int BATCH_MAX = 16;

    private static final AtomicIntegerFieldUpdater<PlainStream> PENDING =
            AtomicIntegerFieldUpdater.newUpdater(PlainStream.class, "pending");

    private final FrameStreams table;
    private final EventLoop loop;
    private final Http2FrameStream frames;
    private FrameListener listener;
    private @Nullable ArrayDeque<Http2StreamFrame> unread; // made when something must wait
    private boolean reading;
    private boolean draining;
    private boolean touched;
    private int delivered; // frames since the listener was last asked
    private int taken; // bytes delivered, and not yet returned to the peer's window
    private boolean ended;
    private boolean closed;
    private boolean told;
    private volatile int pending;
    private volatile boolean full;

    PlainStream(FrameStreams table, Http2FrameStream frames, FrameListener listener) {
        this.table = table;
        this.loop = table.ctx().channel().eventLoop();
        this.frames = frames;
        this.listener = listener;
    }

    int id() {
        return frames.id();
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    // ---- out

    @Override
    public void write(Http2StreamFrame frame) {
        write(frame, null);
    }

    @Override
    public void writeThen(Http2StreamFrame frame, Runnable written) {
        write(frame, written);
    }

    private void write(Http2StreamFrame frame, @Nullable Runnable written) {
        int bytes = frame instanceof Http2DataFrame data ? data.initialFlowControlledBytes() : 0;
        if (bytes > 0 && PENDING.addAndGet(this, bytes) > Loops.MARKS.high()) {
            full = true;
        }
        if (loop.inEventLoop()) {
            writeNow(frame, bytes, written);
        } else {
            loop.execute(() -> writeNow(frame, bytes, written));
        }
    }

    private void writeNow(Http2StreamFrame frame, int bytes, @Nullable Runnable written) {
        if (closed) {
            ReferenceCountUtil.release(frame);
            onWritten(bytes, written);
            return;
        }
        ChannelFuture future = table.write(this, frame.stream(frames));
        if (bytes > 0 || written != null) {
            future.addListener(done -> onWritten(bytes, written));
        }
    }

    private void onWritten(int bytes, @Nullable Runnable written) {
        int left = PENDING.addAndGet(this, -bytes);
        if (full && left < Loops.MARKS.low() && !closed) {
            if (table.isConnectionWritable()) {
                becomeWritable();
            } else {
                table.waitForConnection(this);
            }
        }
        if (written != null) {
            written.run();
        }
    }

    void becomeWritable() {
        if (full && !closed && pending < Loops.MARKS.low()) {
            full = false;
            listener.onWritable();
        }
    }

    @Override
    public boolean isWritable() {
        return !full;
    }

    @Override
    public void flush() {
        if (loop.inEventLoop()) {
            table.flush();
        } else {
            loop.execute(table::flush);
        }
    }

    // ---- in

    /// The head of a stream that the peer opened.
    void receiveFirst(Http2HeadersFrame head) {
        reading = true;
        receive(head);
    }

    void receive(Http2StreamFrame frame) {
        if (closed) {
            ReferenceCountUtil.release(frame);
            return;
        }
        if (!touched) {
            touched = table.touch(this);
        }
        if (reading && delivered < BATCH_MAX && (unread == null || unread.isEmpty())) {
            deliver(frame);
        } else {
            if (unread == null) {
                unread = new ArrayDeque<>(4);
            }
            unread.add(frame);
        }
    }

    private void deliver(Http2StreamFrame frame) {
        delivered++;
        if (frame instanceof Http2DataFrame data) {
            taken += data.initialFlowControlledBytes();
        }
        try {
            listener.onFrame(frame);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    void endTurn() {
        touched = false;
        if (reading && delivered > 0) {
            askAgain();
        }
        closeWhenRead();
    }

    private void askAgain() {
        returnTaken();
        reading = false;
        delivered = 0;
        if (!closed) {
            try {
                listener.onReadComplete();
            } catch (RuntimeException e) {
                fail(e);
            }
        }
    }

    /// Refills the window by what the listener has taken over.
    private void returnTaken() {
        if (taken > 0) {
            if (!ended && !closed) {
                table.write(this, new DefaultHttp2WindowUpdateFrame(taken).stream(frames));
                table.flush();
            }
            taken = 0;
        }
    }

    @Override
    public void read() {
        if (!loop.inEventLoop()) {
            loop.execute(this::read);
            return;
        }
        if (closed) {
            return;
        }
        reading = true;
        if (!draining) {
            drain();
        }
    }

    private void drain() {
        draining = true;
        while (reading && unread != null && !unread.isEmpty()) {
            if (delivered < BATCH_MAX) {
                deliver(unread.poll());
            } else {
                askAgain();
            }
        }
        if (reading && delivered > 0 && !touched) {
            askAgain();
        }
        draining = false;
        closeWhenRead();
    }

    @Override
    public void handTo(FrameListener next) {
        listener = next;
    }

    // ---- ends

    /// Closed in HTTP/2: both sides have ended it, or the connection is gone.
    void onEnded() {
        ended = true;
        if (!touched && !closed) {
            touched = table.touch(this);
            if (!touched) {
                loop.execute(this::closeWhenRead); // not within what the listener is doing now
            }
        }
    }

    private void closeWhenRead() {
        if (ended && !draining && (unread == null || unread.isEmpty())) {
            close();
            run();
        }
    }

    void onReset(long code) {
        if (closed) {
            return;
        }
        ended = true; // an answer to a reset would be one too many
        try {
            listener.onReset(code);
        } catch (RuntimeException e) {
            listener.onFailed(e);
        }
        if (code != Http2Error.NO_ERROR.code()) {
            close();
            run();
        }
    }

    @Override
    public void reset(Http2Error why) {
        if (!loop.inEventLoop()) {
            loop.execute(() -> reset(why));
            return;
        }
        if (closed) {
            return;
        }
        boolean alive = !ended && table.isAlive(id());
        close();
        if (alive) {
            table.write(this, new DefaultHttp2ResetFrame(why).stream(frames));
            table.flush();
        }
        loop.execute(this);
    }

    private void fail(RuntimeException e) {
        listener.onFailed(e);
        reset(Http2Error.INTERNAL_ERROR);
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        reading = false;
        if (unread != null) {
            unread.forEach(ReferenceCountUtil::release);
            unread.clear();
        }
        table.forget(this);
    }

    /// Tells the listener of the end.
    @Override
    public void run() {
        if (!told) {
            told = true;
            listener.onClosed();
        }
    }
}
