package io.postern.sense;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;

/// A download of any size: byte `i` depends on `i` only, so a range can be checked by itself. Pieces
/// are slices of one shared pattern; nothing is copied.
final class PatternBytes implements ChunkedInput<ByteBuf> {
    private static final int PERIOD = 64 * 1024;
    private static final ByteBuf PATTERN = Unpooled.unreleasableBuffer(pattern());

    private final long from;
    private final long to;
    private long at;

    PatternBytes(long from, long to) {
        this.from = from;
        this.to = to;
        this.at = from;
    }

    /// The byte at an offset of the download.
    static byte at(long offset) {
        int i = (int) (offset % PERIOD);
        return (byte) (i * 31 + (i >> 8) * 7);
    }

    @Override
    public boolean isEndOfInput() {
        return at >= to;
    }

    @Override
    public void close() {
        // the pattern is shared
    }

    @Deprecated
    @Override
    @SuppressWarnings("InlineMeSuggester") // the interface still asks for it
    public ByteBuf readChunk(ChannelHandlerContext ctx) {
        return readChunk(ctx.alloc());
    }

    @Override
    public ByteBuf readChunk(ByteBufAllocator allocator) {
        int start = (int) (at % PERIOD);
        int length = (int) Math.min(PERIOD - start, to - at);
        at += length;
        return PATTERN.slice(start, length);
    }

    @Override
    public long length() {
        return to - from;
    }

    @Override
    public long progress() {
        return at - from;
    }

    private static ByteBuf pattern() {
        ByteBuf buffer = Unpooled.directBuffer(PERIOD, PERIOD);
        for (int i = 0; i < PERIOD; i++) {
            buffer.writeByte(at(i));
        }
        return buffer;
    }
}
