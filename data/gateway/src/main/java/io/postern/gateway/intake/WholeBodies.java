package io.postern.gateway.intake;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.domain.event.Cause;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.RequestSink;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Reads the few requests whole that have to be, before anybody is known: as many bytes of all together as one
/// bound allows. Thread-safe.
public final class WholeBodies {
    private static final long BYTES_MAX = 64L << 20;

    private final AtomicLong held = new AtomicLong();
    private final long bytesMax;

    public WholeBodies() {
        this(BYTES_MAX);
    }

    WholeBodies(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// On the exchange's loop, once. One of both is told, unless the client goes away.
    ///
    /// @param max bytes of this one
    public void read(Exchange exchange, int max, Consumer<byte[]> whole, Consumer<Cause> refused) {
        var reading = new Reading(exchange, max, whole, refused);
        if (exchange.head().fields().contains(HttpHeaderNames.EXPECT)) {
            exchange.writeInterim(new DefaultHttp2Headers(false).status("100"));
            exchange.flush();
        }
        exchange.attach(reading);
        if (exchange.isRequestEnded()) {
            reading.end();
        } else {
            exchange.read();
        }
    }

    /// Bytes of requests that have not come whole yet.
    public long held() {
        return held.get();
    }

    private final class Reading implements RequestSink {
        private final Exchange exchange;
        private final int max;
        private final Consumer<byte[]> whole;
        private final Consumer<Cause> refused;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private boolean over;

        Reading(Exchange exchange, int max, Consumer<byte[]> whole, Consumer<Cause> refused) {
            this.exchange = exchange;
            this.max = max;
            this.whole = whole;
            this.refused = refused;
        }

        @Override
        public void onRequestPart(Http2StreamFrame part) {
            try {
                if (!over && part instanceof Http2DataFrame data) {
                    add(data);
                }
            } finally {
                ReferenceCountUtil.release(part);
            }
        }

        private void add(Http2DataFrame data) {
            int bytes = data.content().readableBytes();
            if (body.size() + bytes > max) {
                refuse(Cause.PAYLOAD_TOO_LARGE);
            } else if (held.addAndGet(bytes) > bytesMax) {
                held.addAndGet(-bytes);
                refuse(Cause.OVERLOADED);
            } else {
                byte[] piece = new byte[bytes];
                data.content().readBytes(piece);
                body.writeBytes(piece);
            }
        }

        @Override
        public void onRequestReadComplete() {
            if (!over && exchange.isRequestEnded()) {
                end();
            } else if (!over) {
                exchange.read();
            }
        }

        private void end() {
            if (!over) {
                stop();
                whole.accept(body.toByteArray());
            }
        }

        private void refuse(Cause cause) {
            stop();
            refused.accept(cause);
        }

        private void stop() {
            if (!over) {
                over = true;
                held.addAndGet(-body.size());
            }
        }

        @Override
        public void onClientWritable() {}

        @Override
        public void onClientGone() {
            stop();
        }
    }
}
