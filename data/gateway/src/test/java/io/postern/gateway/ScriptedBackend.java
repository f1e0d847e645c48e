package io.postern.gateway;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// The connector's end of one stream, played by the test: notes what comes, does what the script says.
public class ScriptedBackend extends ChannelInboundHandlerAdapter {
    public volatile Optional<Http2Headers> head = Optional.empty();
    public volatile Optional<Http2Headers> trailers = Optional.empty();
    public volatile Optional<Long> reset = Optional.empty();
    public volatile boolean ended;
    public final AtomicLong received = new AtomicLong();
    public volatile Optional<ChannelHandlerContext> context = Optional.empty();
    private volatile String body = ""; // written on the stream's loop only
    private final BiConsumer<ScriptedBackend, ChannelHandlerContext> whenHead;
    private final BiConsumer<ScriptedBackend, ChannelHandlerContext> whenEnded;
    private final boolean reads;

    public ScriptedBackend(
            BiConsumer<ScriptedBackend, ChannelHandlerContext> whenHead,
            BiConsumer<ScriptedBackend, ChannelHandlerContext> whenEnded,
            boolean reads) {
        this.whenHead = whenHead;
        this.whenEnded = whenEnded;
        this.reads = reads;
    }

    /// All streams that came, in order.
    public static final class Log {
        public final BlockingQueue<ScriptedBackend> streams = new LinkedBlockingQueue<>();

        public Supplier<io.netty.channel.ChannelHandler> factory(Supplier<ScriptedBackend> make) {
            return () -> {
                ScriptedBackend stream = make.get();
                streams.add(stream);
                return stream;
            };
        }

        public ScriptedBackend next() {
            try {
                ScriptedBackend stream = streams.poll(10, TimeUnit.SECONDS);
                if (stream == null) {
                    throw new AssertionError("no stream came within 10 s");
                }
                House.await(() -> stream.head.isPresent());
                return stream;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /// Answers 200 with method, path and body as text once the request has ended.
    public static ScriptedBackend echo() {
        return new ScriptedBackend(
                (s, c) -> {},
                (s, c) -> {
                    Http2Headers h = s.head.orElseThrow();
                    respond(c, 200, h.method() + " " + h.path() + " " + s.body());
                },
                true);
    }

    /// Leaves everything to the test.
    public static ScriptedBackend manual(boolean reads) {
        return new ScriptedBackend((s, c) -> {}, (s, c) -> {}, reads);
    }

    public static void respond(ChannelHandlerContext ctx, int status, String text) {
        ctx.write(new DefaultHttp2HeadersFrame(
                new DefaultHttp2Headers().status(Integer.toString(status)).setInt("content-length", text.length()),
                text.isEmpty()));
        if (!text.isEmpty()) {
            ctx.write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), true));
        }
        ctx.flush();
    }

    public void head(Http2Headers fields, boolean end) {
        context.orElseThrow().channel().writeAndFlush(new DefaultHttp2HeadersFrame(fields, end));
    }

    public void data(String text, boolean end) {
        context.orElseThrow()
                .channel()
                .writeAndFlush(
                        new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1), end));
    }

    public String body() {
        return body;
    }

    public String field(String name) {
        CharSequence value = head.orElseThrow().get(name);
        return value == null ? "" : value.toString();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = Optional.of(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            boolean end = false;
            if (message instanceof Http2HeadersFrame frame) {
                if (head.isEmpty()) {
                    head = Optional.of(frame.headers());
                    whenHead.accept(this, ctx);
                } else {
                    trailers = Optional.of(frame.headers());
                }
                end = frame.isEndStream();
            } else if (message instanceof Http2DataFrame data) {
                received.addAndGet(data.content().readableBytes());
                if (body.length() < 10_000) {
                    String before = body;
                    body = before + data.content().toString(StandardCharsets.ISO_8859_1);
                }
                end = data.isEndStream();
            }
            if (end) {
                ended = true;
                whenEnded.accept(this, ctx);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (reads) {
            ctx.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame frame) {
            reset = Optional.of(frame.errorCode());
        }
    }
}
