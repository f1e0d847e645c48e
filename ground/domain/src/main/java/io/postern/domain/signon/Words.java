package io.postern.domain.signon;

import io.postern.domain.claims.ClaimsFault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/// Words of documents that stand for values, both ways.
final class Words {
    private Words() {}

    static <T> String text(T value, Map<String, T> words) {
        return words.entrySet().stream()
                .filter(entry -> entry.getValue().equals(value))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no word for " + value));
    }

    /// Names and values in turn, in this order whenever it is written.
    static Map<String, Object> map(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    static <T> T of(String field, String word, Map<String, T> words) {
        T value = words.get(word);
        if (value == null) {
            throw new ClaimsFault(
                    field,
                    "'" + word + "' is no value of " + field + "; use "
                            + String.join(", ", new TreeSet<>(words.keySet())));
        }
        return value;
    }
}
