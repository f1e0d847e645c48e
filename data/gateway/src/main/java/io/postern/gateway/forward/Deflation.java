package io.postern.gateway.forward;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Encodes gzip (RFC 1952) or deflate (zlib's frame). What is flushed can be read at once by who gets it.
final class Deflation implements AutoCloseable {
    /// Least work: what is saved by more is little, and the loop has others to serve.
    private static final int LEVEL = Deflater.BEST_SPEED;

    private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final boolean gzip;
    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private final byte[] piece = new byte[4096];
    private boolean begun;

    /// @param gzip or else deflate
    Deflation(boolean gzip) {
        this.gzip = gzip;
        this.deflater = new Deflater(LEVEL, gzip);
    }

    void write(byte[] bytes, int from, int to, ByteBuf out) {
        begin(out);
        checksum.update(bytes, from, to - from);
        deflater.setInput(bytes, from, to - from);
        while (!deflater.needsInput()) {
            drain(Deflater.NO_FLUSH, out);
        }
    }

    private void begin(ByteBuf out) {
        if (!begun) {
            begun = true;
            if (gzip) {
                out.writeBytes(HEAD);
            }
        }
    }

    private boolean drain(int flush, ByteBuf out) {
        int length = deflater.deflate(piece, 0, piece.length, flush);
        out.writeBytes(piece, 0, length);
        return length == piece.length;
    }

    void flush(ByteBuf out) {
        while (drain(Deflater.SYNC_FLUSH, out)) {}
    }

    void finish(ByteBuf out) {
        begin(out);
        deflater.finish();
        while (!deflater.finished()) {
            drain(Deflater.NO_FLUSH, out);
        }
        if (gzip) {
            out.writeIntLE((int) checksum.getValue());
            out.writeIntLE((int) deflater.getBytesRead());
        }
    }

    @Override
    public void close() {
        deflater.end();
    }
}
