package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.util.List;

/// Reads a backend's answers from one connection, one for each request and not a byte more: what a
/// backend sends unasked would else be taken for the answer to somebody else's request.
///
/// Both framings in one answer, contradicting lengths and codings before HTTP/1.1 are refused by the
/// codec underneath (RFC 9112 §6.3). A bare LF ends a line, as many small devices send it: the answer is
/// written anew for the tunnel, so nobody behind us reads it differently.
final class ResponseDecoder extends HttpResponseDecoder {
    /// Longest status line, and all fields together: as the tunnel's header list allows (tunnel.md §7).
    static final int HEAD_BYTES_MAX = 96 * 1024;

    /// Body bytes handed on at a time, also the largest DATA frame (tunnel.md §7).
    private static final int CHUNK_BYTES = 64 * 1024;

    private boolean isAwaiting;
    private boolean isHead;

    ResponseDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(8 * 1024)
                .setMaxHeaderSize(HEAD_BYTES_MAX)
                .setMaxChunkSize(CHUNK_BYTES)
                .setStrictLineParsing(false)
                .setAllowDuplicateContentLengths(false));
    }

    /// @param head the request is a HEAD: its answer has no body whatever its fields say
    void await(boolean head) {
        isAwaiting = true;
        isHead = head;
    }

    /// The answer is complete; from here on every byte is one too many.
    void complete() {
        isAwaiting = false;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (!isAwaiting && in.isReadable()) {
            in.skipBytes(in.readableBytes());
            ctx.close();
            return;
        }
        super.decode(ctx, in, out);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return isHead || super.isContentAlwaysEmpty(message);
    }
}
