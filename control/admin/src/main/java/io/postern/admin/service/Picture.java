package io.postern.admin.service;

import java.util.Arrays;
import java.util.Optional;

/// Looks at the first bytes of a picture: its kind and its size. Nothing is decoded.
///
/// @param mediaType `image/png` or `image/jpeg`
record Picture(String mediaType, int width, int height) {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int PNG_HEAD = 24; // signature, length, "IHDR", width, height

    /// @return empty for whatever is neither PNG nor JPEG, or damaged
    static Optional<Picture> of(byte[] bytes) {
        return startsWith(bytes, PNG) ? png(bytes) : jpeg(bytes);
    }

    private static Optional<Picture> png(byte[] bytes) {
        return bytes.length < PNG_HEAD || bytes[12] != 'I' || bytes[13] != 'H'
                ? Optional.empty()
                : Optional.of(new Picture("image/png", number(bytes, 16, 4), number(bytes, 20, 4)));
    }

    /// Segments up to the one that tells the size (SOF0 to SOF15 but for DHT, JPG and DAC).
    private static Optional<Picture> jpeg(byte[] bytes) {
        if (bytes.length < 4 || number(bytes, 0, 2) != 0xffd8) {
            return Optional.empty();
        }
        int at = 2;
        while (at + 9 <= bytes.length && number(bytes, at, 1) == 0xff) {
            int marker = number(bytes, at + 1, 1);
            boolean size = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            if (size) {
                return Optional.of(new Picture("image/jpeg", number(bytes, at + 7, 2), number(bytes, at + 5, 2)));
            }
            int length = number(bytes, at + 2, 2);
            if (length < 2) {
                return Optional.empty();
            }
            at += 2 + length;
        }
        return Optional.empty();
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static int number(byte[] bytes, int from, int length) {
        int value = 0;
        for (int i = from; i < from + length; i++) {
            value = (value << 8) | (bytes[i] & 0xff);
        }
        return value;
    }
}
