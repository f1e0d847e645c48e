package io.postern.tunnel;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// GOAWAY as the two ends use it (docs/protocol/tunnel.md §5): its debug data says why.
public final class GoAway {
    /// Debug data of "open no more streams, the open ones will finish".
    public static final String DRAIN = "drain";

    /// How long a GOAWAY may take to leave before the connection is cut anyway.
    public static final long LINGER_MILLIS = 1_000;

    private GoAway() {}

    /// Streams that are on their way are still welcome: the last stream id is the highest there is.
    public static Http2GoAwayFrame drainSoon() {
        Http2GoAwayFrame frame = frame(DRAIN);
        frame.setExtraStreamIds(Integer.MAX_VALUE);
        return frame;
    }

    /// The last stream id is the last that was seen.
    public static Http2GoAwayFrame drainNow() {
        return frame(DRAIN);
    }

    public static Http2GoAwayFrame because(TunnelEnd end) {
        return frame(end.cause().wireName());
    }

    /// @return empty for a request to drain; else why the peer closes
    public static Optional<TunnelEnd> read(Http2GoAwayFrame frame) {
        String debug = frame.content()
                .toString(
                        frame.content().readerIndex(),
                        Math.min(200, frame.content().readableBytes()),
                        StandardCharsets.US_ASCII);
        if (frame.errorCode() != Http2Error.NO_ERROR.code()) {
            return Optional.of(new TunnelEnd(
                    TunnelEnd.Cause.PROTOCOL, "the other end gave up with HTTP/2 error " + frame.errorCode()));
        }
        return Arrays.stream(TunnelEnd.Cause.values())
                .filter(cause -> cause.wireName().equals(debug))
                .findFirst()
                .map(cause -> new TunnelEnd(cause, "said by the other end"));
    }

    private static Http2GoAwayFrame frame(String debug) {
        return new DefaultHttp2GoAwayFrame(
                Http2Error.NO_ERROR,
                ByteBufUtil.writeAscii(Unpooled.buffer(debug.length()).alloc(), debug));
    }
}
