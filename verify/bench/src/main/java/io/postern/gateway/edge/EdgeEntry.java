package io.postern.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.gateway.exchange.RequestHead;

/// Lets the micro-benchmarks at the edge's reader and writer of one HTTP/1.1 connection, which are nobody
/// else's business. Confined to one thread.
public final class EdgeEntry {
    private final Http1Reader reader = new Http1Reader(EdgeLimits.DEFAULTS.headBytesMax());
    private final Http1Writer writer = new Http1Writer();

    /// @param in a whole head of a request without a body
    public RequestHead read(ByteBuf in) {
        if (reader.next(in) instanceof Http1Request request) {
            return request.head();
        }
        throw new IllegalArgumentException("not one whole head: " + in);
    }

    /// The caller owns the result.
    ///
    /// @param request what `answer` is the answer to
    public ByteBuf write(ByteBufAllocator alloc, Http2Headers answer, RequestHead request) {
        int status = Integer.parseInt(answer.status().toString());
        return writer.head(alloc, answer, status, false, new Http1Request(request, true, false, false, ""), true);
    }
}
