package io.postern.base;

import java.util.Locale;

/// A number of bytes, written `64KiB`, `2MiB`, `1GiB` or plain.
///
/// @param bytes not negative
public record ByteSize(long bytes) {
    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size cannot be negative: " + bytes);
        }
    }

    /// @throws IllegalArgumentException when the text is no size
    public static ByteSize parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        long unit = 1;
        int cut = 0;
        if (lower.endsWith("kib")) {
            unit = 1L << 10;
            cut = 3;
        } else if (lower.endsWith("mib")) {
            unit = 1L << 20;
            cut = 3;
        } else if (lower.endsWith("gib")) {
            unit = 1L << 30;
            cut = 3;
        }
        try {
            return new ByteSize(Math.multiplyExact(
                    Long.parseLong(lower.substring(0, lower.length() - cut).strip()), unit));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is not a size such as 64KiB, 2MiB or 1GiB", e);
        }
    }
}
