package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.tunnel.TunnelProtocol;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The gateway's end of one stream: writes what the test says, gathers what comes back.
public final class TestStream extends ChannelInboundHandlerAdapter {
    private final List<Http2Headers> heads = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Optional<Http2Headers> trailers = Optional.empty();
    private long bodyBytes;
    private long resetCode = -1;
    private boolean ended;
    private boolean endedByPeer;
    private volatile boolean paused;
    private volatile @Nullable Channel channel;
    private volatile boolean discards;

    void send(Channel stream, Http2Headers head, boolean end) {
        channel = stream;
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(head, end));
        stream.read();
    }

    public ChannelFuture data(String text, boolean end) {
        return data(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1), end);
    }

    public ChannelFuture data(ByteBuf bytes, boolean end) {
        return channel().writeAndFlush(new DefaultHttp2DataFrame(bytes, end));
    }

    public void trailers(Http2Headers fields) {
        channel().writeAndFlush(new DefaultHttp2HeadersFrame(fields, true));
    }

    public void cancel() {
        channel().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    }

    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
        channel().read();
    }

    /// Counts the body and drops it.
    public TestStream discarding() {
        discards = true;
        return this;
    }

    public Channel channel() {
        return Objects.requireNonNull(channel, "not opened");
    }

    @Override
    public synchronized void channelRead(ChannelHandlerContext ctx, Object message) {
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
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!paused) {
            ctx.read();
        }
    }

    @Override
    public synchronized void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            resetCode = reset.errorCode();
            ended |= resetCode != Http2Error.NO_ERROR.code(); // "send no more": the answer is still to be read
        }
        ReferenceCountUtil.release(event);
        notifyAll();
    }

    @Override
    public synchronized void channelInactive(ChannelHandlerContext ctx) {
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
