package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.tunnel.TunnelProtocol;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The gateway's end of one stream: writes what the test says, gathers what comes back.
public final class TestStream implements FrameListener {
    private final List<Http2Headers> heads = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Optional<Http2Headers> trailers = Optional.empty();
    private long bodyBytes;
    private long resetCode = -1;
    private boolean ended;
    private boolean endedByPeer;
    private volatile boolean paused;
    private volatile @Nullable FrameStream stream;
    private volatile boolean discards;

    void send(FrameStream opened, Http2Headers head, boolean end) {
        stream = opened;
        write(new DefaultHttp2HeadersFrame(head, end));
        opened.read();
    }

    public CompletableFuture<Void> data(String text, boolean end) {
        return data(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1), end);
    }

    /// @return done when the window has let it out, or the stream is over
    public CompletableFuture<Void> data(ByteBuf bytes, boolean end) {
        var written = new CompletableFuture<Void>();
        stream().writeThen(new DefaultHttp2DataFrame(bytes, end), () -> written.complete(null));
        stream().flush();
        return written;
    }

    public void trailers(Http2Headers fields) {
        write(new DefaultHttp2HeadersFrame(fields, true));
    }

    public void cancel() {
        stream().reset(Http2Error.CANCEL);
    }

    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
        stream().read();
    }

    /// Counts the body and drops it.
    public TestStream discarding() {
        discards = true;
        return this;
    }

    public FrameStream stream() {
        return Objects.requireNonNull(stream, "not opened");
    }

    private void write(Http2StreamFrame frame) {
        stream().write(frame);
        stream().flush();
    }

    @Override
    public synchronized void onFrame(Http2StreamFrame message) {
        if (message instanceof Http2HeadersFrame head) {
            if (!heads.isEmpty() && !heads.getLast().status().toString().startsWith("1")) {
                trailers = Optional.of(head.headers());
            } else {
                heads.add(head.headers());
            }
            ended |= head.isEndStream();
            endedByPeer |= head.isEndStream();
        } else if (message instanceof Http2DataFrame data) {
            bodyBytes += data.content().readableBytes();
            if (!discards) {
                body.writeBytes(ByteBufUtil.getBytes(data.content()));
            }
            ended |= data.isEndStream();
            endedByPeer |= data.isEndStream();
        }
        ReferenceCountUtil.release(message);
        notifyAll();
    }

    @Override
    public void onReadComplete() {
        if (!paused) {
            stream().read();
        }
    }

    @Override
    public synchronized void onReset(long code) {
        resetCode = code;
        ended |= code != Http2Error.NO_ERROR.code(); // "send no more": the answer is still to be read
        notifyAll();
    }

    @Override
    public void onFailed(RuntimeException cause) {
        throw cause;
    }

    @Override
    public synchronized void onClosed() {
        ended = true;
        notifyAll();
    }

    public synchronized TestStream awaitHead() throws InterruptedException {
        awaitUntil(() -> ended
                || (!heads.isEmpty() && !heads.getLast().status().toString().startsWith("1")));
        return this;
    }

    public synchronized TestStream awaitEnd() throws InterruptedException {
        awaitUntil(() -> ended);
        return this;
    }

    public synchronized TestStream awaitBody(String text) throws InterruptedException {
        awaitUntil(() -> ended || body.toString(StandardCharsets.ISO_8859_1).contains(text));
        return this;
    }

    public synchronized TestStream awaitInformational(int count) throws InterruptedException {
        awaitUntil(() -> ended || heads.size() >= count);
        return this;
    }

    public synchronized int status() {
        return Integer.parseInt(heads.getLast().status().toString());
    }

    public synchronized Http2Headers head() {
        return heads.getLast();
    }

    public synchronized List<Http2Headers> heads() {
        return List.copyOf(heads);
    }

    public synchronized String body() {
        return body.toString(StandardCharsets.ISO_8859_1);
    }

    public synchronized long bodyBytes() {
        return bodyBytes;
    }

    public synchronized Optional<Http2Headers> trailers() {
        return trailers;
    }

    /// The RST_STREAM's code; -1 without one.
    public synchronized long resetCode() {
        return resetCode;
    }

    /// The answer is whole: END_STREAM came.
    public synchronized boolean isComplete() {
        return endedByPeer;
    }

    public synchronized String failure() {
        CharSequence reason = head().get(TunnelProtocol.FAILURE);
        return reason == null ? "" : reason.toString();
    }

    public synchronized String reason() {
        CharSequence reason = head().get(TunnelProtocol.REASON);
        return reason == null ? "" : reason.toString();
    }

    private void awaitUntil(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("nothing more came: heads " + heads + ", body of " + bodyBytes + " bytes");
            }
            wait(left);
        }
    }
}
