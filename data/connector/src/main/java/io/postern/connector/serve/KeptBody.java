package io.postern.connector.serve;

import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/// What has gone to the backend of a request's body, while it may have to go once more: at most 64 KiB. Confined to
/// the stream's event loop.
final class KeptBody {
    static final int BYTES_MAX = 64 * 1024;

    private final Deque<Http2StreamFrame> parts = new ArrayDeque<>();
    private int bytes;
    private boolean isWhole = true;

    /// Call before the part goes out.
    void add(Http2StreamFrame part) {
        if (!isWhole) {
            return;
        }
        switch (part) {
            case Http2DataFrame data -> {
                bytes += data.content().readableBytes();
                if (bytes > BYTES_MAX) {
                    drop();
                    isWhole = false;
                } else {
                    parts.add(new DefaultHttp2DataFrame(data.content().retainedDuplicate(), data.isEndStream()));
                }
            }
            case Http2HeadersFrame trailers -> parts.add(new DefaultHttp2HeadersFrame(trailers.headers(), true));
            default -> {}
        }
    }

    /// All that went out is here.
    boolean isWhole() {
        return isWhole;
    }

    /// Gives it away, to go out before anything that has come meanwhile.
    void moveTo(Deque<Http2StreamFrame> held) {
        for (Http2StreamFrame part = parts.pollLast(); part != null; part = parts.pollLast()) {
            held.addFirst(part);
        }
    }

    void drop() {
        for (Http2StreamFrame part = parts.poll(); part != null; part = parts.poll()) {
            ReferenceCountUtil.release(part);
        }
    }
}
