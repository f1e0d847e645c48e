package io.postern.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// One request that a test sends through a tunnel, gateway side. Reads only when told to.
public final class Exchange implements FrameListener {
    public sealed interface Event {
        record Head(Http2Headers fields, boolean last) implements Event {}

        record End() implements Event {}

        record Reset(long code) implements Event {}

        record Gone() implements Event {}
    }

    public final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    public final AtomicLong bytes = new AtomicLong();
    private volatile boolean reading;
    private volatile FrameStream stream;

    public static Exchange open(Tunnel tunnel, String path) throws Exception {
        return open(tunnel, head(path), true);
    }

    /// A GET of the one backend.
    public static Http2Headers head(String path) {
        return new DefaultHttp2Headers()
                .method("GET")
                .scheme("http")
                .authority("wiki.corp")
                .path(path)
                .add(TunnelProtocol.BACKEND, Ends.WIKI.id());
    }

    public static Exchange open(Tunnel tunnel, Http2Headers head, boolean reading) throws Exception {
        var exchange = new Exchange();
        exchange.reading = reading;
        exchange.stream = Ends.await(tunnel.openStream(exchange));
        exchange.stream.write(new DefaultHttp2HeadersFrame(head, true));
        exchange.stream.flush();
        if (reading) {
            exchange.stream.read();
        }
        return exchange;
    }

    public FrameStream stream() {
        return stream;
    }

    public void startReading() {
        startReading(stream);
    }

    /// @param opened for this exchange by somebody else
    public void startReading(FrameStream opened) {
        stream = opened;
        reading = true;
        opened.read();
    }

    public Event next() throws InterruptedException {
        return Ends.take(events);
    }

    @Override
    public void onFrame(Http2StreamFrame msg) {
        try {
            switch (msg) {
                case Http2HeadersFrame head -> events.add(new Event.Head(head.headers(), head.isEndStream()));
                case Http2DataFrame data -> {
                    ByteBuf content = data.content();
                    bytes.addAndGet(content.readableBytes());
                    if (data.isEndStream()) {
                        events.add(new Event.End());
                    }
                }
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    @Override
    public void onReadComplete() {
        if (reading) {
            stream.read();
        }
    }

    @Override
    public void onReset(long code) {
        events.add(new Event.Reset(code));
    }

    @Override
    public void onFailed(RuntimeException cause) {
        throw cause;
    }

    @Override
    public void onClosed() {
        events.add(new Event.Gone());
    }
}
