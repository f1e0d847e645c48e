package io.postern.bench.drain;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Bytes of a known digest, made as they are read: what the demo backend serves below `/tempcontent/`, and what
/// uploads send.
final class Content {
    private static final byte[] PATTERN = new byte[64 << 10];

    static {
        for (int i = 0; i < PATTERN.length; i++) {
            PATTERN[i] = (byte) (i * 31 + (i >> 8) * 7);
        }
    }

    private final long size;
    private final String digest;

    Content(long size) {
        this.size = size;
        this.digest = digest(stream(Pace.NONE));
    }

    long size() {
        return size;
    }

    /// SHA-256 in hex.
    String digest() {
        return digest;
    }

    InputStream stream(Pace pace) {
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                throw new UnsupportedOperationException("by the piece only");
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (at == size) {
                    return -1;
                }
                int from = (int) (at % PATTERN.length);
                int step = (int) Math.min(Math.min(length, PATTERN.length - from), size - at);
                System.arraycopy(PATTERN, from, into, offset, step);
                at += step;
                pace.await(at);
                return step;
            }
        };
    }

    /// Reads to the end. @return "" when it is this content, else what is wrong with it
    String compare(InputStream body, Pace pace) throws IOException {
        MessageDigest sha256 = sha256();
        byte[] piece = new byte[PATTERN.length];
        long total = 0;
        for (int n; (n = body.read(piece)) >= 0; ) {
            sha256.update(piece, 0, n);
            total += n;
            pace.await(total);
        }
        if (total != size) {
            return total + " of " + size + " bytes came";
        }
        return HexFormat.of().formatHex(sha256.digest()).equals(digest) ? "" : "the bytes are others";
    }

    private static String digest(InputStream all) {
        MessageDigest sha256 = sha256();
        byte[] piece = new byte[PATTERN.length];
        try {
            for (int n; (n = all.read(piece)) >= 0; ) {
                sha256.update(piece, 0, n);
            }
        } catch (IOException e) {
            throw new IllegalStateException("it is made in memory", e);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
