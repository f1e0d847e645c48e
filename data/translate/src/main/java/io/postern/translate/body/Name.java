package io.postern.translate.body;

/// The name of an element or attribute as it comes in, in lower case. Only as long as any that matters.
final class Name {
    static final int LENGTH_MAX = 16;

    final byte[] bytes = new byte[LENGTH_MAX];
    int length; // LENGTH_MAX + 1: too long to matter
    int hash;

    void clear() {
        length = 0;
        hash = 0;
    }

    void add(int b) {
        int lower = b >= 'A' && b <= 'Z' ? b + 0x20 : b;
        if (length < LENGTH_MAX) {
            bytes[length++] = (byte) lower;
            hash = hash * 31 + lower;
        } else {
            length = LENGTH_MAX + 1;
        }
    }
}
