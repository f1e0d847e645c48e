package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;

/// Lets the micro-benchmarks at what the connector sends to a backend.
public final class ServeEntry {
    private ServeEntry() {}

    /// The head of a request without a body, checked and written. The caller owns the result.
    public static ByteBuf requestHead(ByteBufAllocator alloc, Http2Headers stream) {
        return new BackendRequest(stream, null, true).head(alloc);
    }
}
