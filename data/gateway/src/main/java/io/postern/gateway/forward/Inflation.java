package io.postern.gateway.forward;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Decodes gzip (RFC 1952) or deflate (RFC 9110 §8.4.1.2, with or without zlib's frame), as little at a time as
/// is asked for: a small answer may unfold to gigabytes.
final class Inflation implements AutoCloseable {
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int CHECKSUM = 2;
    private static final int TRAILER_LENGTH = 8;

    private enum Part {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        CHECKSUM,
        DATA,
        TRAILER,
        AFTER
    }

    private final boolean gzip;
    private Inflater inflater;
    private Part part;
    private int counted; // bytes of this part
    private int flags;
    private int extraLength;

    /// @param gzip or else deflate
    Inflation(boolean gzip) {
        this.gzip = gzip;
        this.inflater = new Inflater(true);
        this.part = Part.FIXED;
    }

    /// How many bytes went to `out`; 0 when all of `in` is used up. Call until then.
    int read(ByteBuf in, byte[] out) throws DataFormatException {
        while (in.isReadable()) {
            if (part == Part.DATA) {
                int produced = inflate(in, out);
                if (produced > 0) {
                    return produced;
                }
            } else if (part == Part.AFTER) {
                in.skipBytes(in.readableBytes()); // padding; nobody would read it
            } else {
                frame(in);
            }
        }
        return part == Part.DATA ? inflate(in, out) : 0; // what it still holds
    }

    private int inflate(ByteBuf in, byte[] out) throws DataFormatException {
        ByteBuffer bytes = in.nioBuffer();
        int before = bytes.remaining();
        inflater.setInput(bytes);
        int produced = inflater.inflate(out);
        in.skipBytes(before - bytes.remaining());
        if (inflater.needsDictionary()) {
            throw new DataFormatException("needs a dictionary");
        }
        if (inflater.finished()) {
            counted = 0;
            part = gzip ? Part.TRAILER : Part.AFTER;
        }
        return produced;
    }

    private void frame(ByteBuf in) throws DataFormatException {
        if (!gzip) {
            if ((in.getByte(in.readerIndex()) & 0x0f) == 8) { // a stored block of raw deflate never begins so
                inflater.end();
                inflater = new Inflater(false);
            }
            part = Part.DATA;
            return;
        }
        int b = in.readUnsignedByte();
        switch (part) {
            case FIXED -> fixed(b);
            case EXTRA_LENGTH -> {
                extraLength |= b << (8 * counted++);
                if (counted == 2) {
                    become(extraLength == 0 ? Part.NAME : Part.EXTRA);
                }
            }
            case EXTRA -> {
                if (++counted == extraLength) {
                    become(Part.NAME);
                }
            }
            case NAME -> {
                if (b == 0) {
                    become(Part.COMMENT);
                }
            }
            case COMMENT -> {
                if (b == 0) {
                    become(Part.CHECKSUM);
                }
            }
            case CHECKSUM -> {
                if (++counted == 2) {
                    become(Part.DATA);
                }
            }
            case TRAILER -> {
                if (++counted == TRAILER_LENGTH) {
                    inflater.reset(); // another member may follow (RFC 1952 §2.2)
                    become(Part.FIXED);
                }
            }
            case DATA, AFTER -> throw new IllegalStateException(part.name());
        }
    }

    private void fixed(int b) throws DataFormatException {
        boolean good = switch (counted) {
            case 0 -> b == 0x1f;
            case 1 -> b == 0x8b;
            case 2 -> b == 8;
            default -> true;
        };
        if (!good) {
            throw new DataFormatException("not gzip");
        }
        if (counted == 3) {
            flags = b;
        }
        if (++counted == 10) {
            extraLength = 0;
            become(Part.EXTRA_LENGTH);
        }
    }

    /// This part, or the next that the flags announce.
    private void become(Part next) {
        counted = 0;
        part = next;
        if (part == Part.EXTRA_LENGTH && (flags & EXTRA) == 0) {
            part = Part.NAME;
        }
        if (part == Part.NAME && (flags & NAME) == 0) {
            part = Part.COMMENT;
        }
        if (part == Part.COMMENT && (flags & COMMENT) == 0) {
            part = Part.CHECKSUM;
        }
        if (part == Part.CHECKSUM && (flags & CHECKSUM) == 0) {
            part = Part.DATA;
        }
    }

    /// The encoded body may end here.
    boolean isComplete() {
        return part == Part.AFTER || (part == Part.FIXED && counted == 0);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
