package io.postern.translate.body;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values by name, found without making a text of the name. Immutable.
final class Names<T> {
    private final byte[][] names;
    private final @Nullable Object[] values;
    private final int mask;

    Names(Map<String, T> entries) {
        int size = Integer.highestOneBit(Math.max(1, entries.size())) * 4;
        mask = size - 1;
        names = new byte[size][];
        Arrays.fill(names, new byte[0]);
        values = new Object[size];
        entries.forEach(this::put);
    }

    private void put(String text, T value) {
        var name = new Name();
        for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
            name.add(b);
        }
        int at = name.hash & mask;
        while (values[at] != null) {
            at = (at + 1) & mask;
        }
        names[at] = Arrays.copyOf(name.bytes, name.length);
        values[at] = value;
    }

    @SuppressWarnings("unchecked") // only put fills it
    @Nullable
    T find(Name name) {
        for (int at = name.hash & mask; values[at] != null; at = (at + 1) & mask) {
            byte[] found = names[at];
            if (found.length == name.length && Arrays.equals(found, 0, name.length, name.bytes, 0, name.length)) {
                return (T) values[at];
            }
        }
        return null;
    }
}
