package io.postern.translate.body;

/// Lets a reader of bytes read UTF-16: each unit becomes one to three bytes on the way in, as UTF-8 has them for
/// characters below 0x10000, and again a unit on the way out. Surrogates, paired or not, are units like others, so
/// that what is no link comes out as it went in.
final class Utf16Translation implements BodyTranslation {
    private static final int PIECE = 1024;

    private final BodyTranslation reader;
    private final boolean bigEndian;
    private final byte[] read = new byte[PIECE * 3];
    private final byte[] written = new byte[PIECE];
    private int writtenLength;
    private boolean isHalf;
    private byte half;
    private int unit; // on its way out
    private int missing; // bytes of it

    Utf16Translation(BodyTranslation reader, boolean bigEndian) {
        this.reader = reader;
        this.bigEndian = bigEndian;
    }

    @Override
    public void push(byte[] in, int from, int to, Sink out) {
        Sink back = (bytes, start, end) -> back(bytes, start, end, out);
        int length = 0;
        for (int i = from; i < to; i++) {
            if (!isHalf) {
                half = in[i];
                isHalf = true;
                continue;
            }
            isHalf = false;
            length = put(bigEndian ? unit(half, in[i]) : unit(in[i], half), length);
            if (length > read.length - 3) {
                reader.push(read, 0, length, back);
                length = 0;
            }
        }
        reader.push(read, 0, length, back);
        flush(out);
    }

    private static int unit(byte high, byte low) {
        return ((high & 0xff) << 8) | (low & 0xff);
    }

    private int put(int c, int at) {
        if (c < 0x80) {
            read[at] = (byte) c;
            return at + 1;
        }
        if (c < 0x800) {
            read[at] = (byte) (0xC0 | (c >> 6));
            read[at + 1] = (byte) (0x80 | (c & 0x3f));
            return at + 2;
        }
        read[at] = (byte) (0xE0 | (c >> 12));
        read[at + 1] = (byte) (0x80 | ((c >> 6) & 0x3f));
        read[at + 2] = (byte) (0x80 | (c & 0x3f));
        return at + 3;
    }

    private void back(byte[] bytes, int from, int to, Sink out) {
        for (int i = from; i < to; i++) {
            int b = bytes[i] & 0xff;
            if (b < 0x80) {
                unit = b;
            } else if (b >= 0xE0) {
                unit = b & 0x0f;
                missing = 2;
            } else if (b >= 0xC0) {
                unit = b & 0x1f;
                missing = 1;
            } else {
                unit = (unit << 6) | (b & 0x3f);
                missing--;
            }
            if (missing == 0) {
                write(out);
            }
        }
    }

    private void write(Sink out) {
        if (writtenLength == written.length) {
            flush(out);
        }
        written[writtenLength] = (byte) (bigEndian ? unit >> 8 : unit);
        written[writtenLength + 1] = (byte) (bigEndian ? unit : unit >> 8);
        writtenLength += 2;
    }

    private void flush(Sink out) {
        if (writtenLength > 0) {
            out.write(written, 0, writtenLength);
            writtenLength = 0;
        }
    }

    @Override
    public void end(Sink out) {
        reader.end((bytes, start, end) -> back(bytes, start, end, out));
        flush(out);
        if (isHalf) {
            out.write(new byte[] {half}, 0, 1);
        }
    }
}
