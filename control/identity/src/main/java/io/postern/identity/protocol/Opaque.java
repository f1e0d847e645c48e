package io.postern.identity.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// Random values that mean something to us only: codes, session cookies. The database keeps their hash,
/// so reading it gives nobody a session.
public final class Opaque {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();

    private Opaque() {}

    /// 256 random bits.
    public static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return TO_TEXT.encodeToString(bytes);
    }

    /// SHA-256, lower-case hex: enough for values that cannot be guessed.
    public static String hash(String value) {
        return HexFormat.of().formatHex(sha256(value.getBytes(StandardCharsets.UTF_8)));
    }

    /// The S256 code challenge of a verifier (RFC 7636 §4.2).
    public static String challenge(String verifier) {
        return TO_TEXT.encodeToString(sha256(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
