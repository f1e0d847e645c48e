package io.postern.connector.enroll;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The few DER values of a certificate request (X.690 §8, §10), so that the connector needs no
/// cryptography library beside the JDK's.
final class Der {
    private static final int BIT_STRING = 0x03;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, parts);
    }

    static byte[] set(byte[]... parts) {
        return value(SET, parts);
    }

    static byte[] zero() {
        return new byte[] {0x02, 0x01, 0x00};
    }

    /// A constructed, context-specific value that holds nothing: `[tag] {}`.
    static byte[] emptyContext(int tag) {
        return new byte[] {(byte) (0xa0 | tag), 0x00};
    }

    static byte[] utf8(String text) {
        return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /// @param bytes whole octets; no unused bits
    static byte[] bitString(byte[] bytes) {
        return value(BIT_STRING, new byte[] {0}, bytes);
    }

    static byte[] objectIdentifier(int... arcs) {
        var body = new ByteArrayOutputStream();
        body.write(arcs[0] * 40 + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arcs[i] >>> shift != 0) {
                    body.write(0x80 | (arcs[i] >>> shift & 0x7f));
                }
            }
            body.write(arcs[i] & 0x7f);
        }
        return value(OBJECT_IDENTIFIER, body.toByteArray());
    }

    private static byte[] value(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        var out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int octets = (39 - Integer.numberOfLeadingZeros(length)) / 8;
            out.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
