package io.postern.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// Bytes that must not be printed. Compared in constant time; [#toString()] never shows them.
public final class Secret {
    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Secret of(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A copy; the caller may wipe it.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// In bytes.
    public int length() {
        return bytes.length;
    }

    /// The secret as UTF-8 text, for the one place that must send it.
    public String reveal() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Overwrites the bytes; the secret is all zero afterwards.
    public void wipe() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 0; // a hash of the bytes would leak a little of them
    }

    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
