package io.postern.gateway;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.tunnel.dial.DialledTunnel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// The connector's end of one stream, played by the test: notes what comes, does what the script says.
public class ScriptedBackend implements FrameListener {
    public volatile Optional<Http2Headers> head = Optional.empty();
    public volatile Optional<Http2Headers> trailers = Optional.empty();
    public volatile Optional<Long> reset = Optional.empty();
    public volatile boolean ended;
    public final AtomicLong received = new AtomicLong();
    private volatile Optional<DialledTunnel> tunnel = Optional.empty();
    private volatile Optional<FrameStream> stream = Optional.empty();
    private volatile String body = ""; // written on the stream's loop only
    private final BiConsumer<ScriptedBackend, FrameStream> whenHead;
    private final BiConsumer<ScriptedBackend, FrameStream> whenEnded;
    private volatile boolean reads;

    public ScriptedBackend(
            BiConsumer<ScriptedBackend, FrameStream> whenHead,
            BiConsumer<ScriptedBackend, FrameStream> whenEnded,
            boolean reads) {
        this.whenHead = whenHead;
        this.whenEnded = whenEnded;
        this.reads = reads;
    }

    /// All streams that came, in order.
    public static final class Log {
        public final BlockingQueue<ScriptedBackend> streams = new LinkedBlockingQueue<>();

        public Supplier<ScriptedBackend> factory(Supplier<ScriptedBackend> make) {
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

    public static void respond(FrameStream to, int status, String text) {
        to.write(new DefaultHttp2HeadersFrame(
                new DefaultHttp2Headers().status(Integer.toString(status)).setInt("content-length", text.length()),
                text.isEmpty()));
        if (!text.isEmpty()) {
            to.write(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), true));
        }
        to.flush();
    }

    public void head(Http2Headers fields, boolean end) {
        send(new DefaultHttp2HeadersFrame(fields, end));
    }

    public void data(String text, boolean end) {
        send(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1), end));
    }

    public void send(Http2StreamFrame frame) {
        stream().write(frame);
        stream().flush();
    }

    public FrameStream stream() {
        return stream.orElseThrow();
    }

    /// Reads on for good, where it did not before.
    public void startReading() {
        reads = true;
        stream().read();
    }

    public String body() {
        return body;
    }

    public String field(String name) {
        CharSequence value = head.orElseThrow().get(name);
        return value == null ? "" : value.toString();
    }

    ScriptedBackend on(DialledTunnel through, FrameStream opened) {
        tunnel = Optional.of(through);
        stream = Optional.of(opened);
        return this;
    }

    public DialledTunnel tunnel() {
        return tunnel.orElseThrow();
    }

    @Override
    public void onFrame(Http2StreamFrame message) {
        try {
            boolean end = false;
            if (message instanceof Http2HeadersFrame frame) {
                if (head.isEmpty()) {
                    head = Optional.of(frame.headers());
                    whenHead.accept(this, stream());
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
                whenEnded.accept(this, stream());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void onReadComplete() {
        if (reads) {
            stream().read();
        }
    }

    @Override
    public void onReset(long code) {
        reset = Optional.of(code);
    }

    @Override
    public void onFailed(RuntimeException cause) {
        throw cause;
    }

    @Override
    public void onClosed() {}
}
