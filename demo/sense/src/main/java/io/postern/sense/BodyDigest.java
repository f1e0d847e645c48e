package io.postern.sense;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// Counts and digests a request body as it comes.
final class BodyDigest {
    private final MessageDigest sha256;
    private long bytes;

    BodyDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void add(ByteBuf piece) {
        bytes += piece.readableBytes();
        for (var part : piece.nioBuffers()) {
            sha256.update(part);
        }
    }

    /// Call once, at the end.
    Map<String, Object> summary() {
        return Map.of("bytes", bytes, "sha256", HexFormat.of().formatHex(sha256.digest()));
    }
}
