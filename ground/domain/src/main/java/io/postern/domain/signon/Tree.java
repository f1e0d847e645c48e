package io.postern.domain.signon;

import io.postern.domain.claims.ClaimsFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads a document of maps, lists, texts, numbers and booleans; whatever is wrong is told with its path. Null counts
/// as left out.
final class Tree {
    private static final int LIST_MAX = 1000;

    private final Map<String, ? extends @Nullable Object> map;
    private final Set<String> asked = new HashSet<>();

    Tree(Map<String, ? extends @Nullable Object> map) {
        this.map = map;
    }

    /// Reads the document whole: a property that nobody asked for is a mistake.
    static <T> T read(Map<String, ? extends @Nullable Object> map, Function<Tree, T> reader) {
        var tree = new Tree(map);
        T value = reader.apply(tree);
        tree.finish();
        return value;
    }

    Optional<String> text(String name) {
        return switch (get(name)) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            case Object other -> throw wrong(name, other, "a text");
        };
    }

    String need(String name) {
        return text(name).orElseThrow(() -> new ClaimsFault(name, name + " is missing"));
    }

    boolean flag(String name, boolean otherwise) {
        return switch (get(name)) {
            case null -> otherwise;
            case Boolean flag -> flag;
            case Object other -> throw wrong(name, other, "true or false");
        };
    }

    OptionalInt number(String name) {
        return switch (get(name)) {
            case null -> OptionalInt.empty();
            case Integer number -> OptionalInt.of(number);
            case Long number when number.intValue() == number -> OptionalInt.of(number.intValue());
            case Object other -> throw wrong(name, other, "a whole number");
        };
    }

    /// One of the words that stand for values.
    <T> T word(String name, T otherwise, Map<String, T> words) {
        return text(name).map(word -> Words.of(name, word, words)).orElse(otherwise);
    }

    List<String> texts(String name) {
        var texts = new ArrayList<String>();
        for (Object element : list(name)) {
            if (!(element instanceof String text)) {
                throw wrong(name, element, "a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    <T> List<T> all(String name, Function<Tree, T> reader) {
        var read = new ArrayList<T>();
        int at = 0;
        for (Object element : list(name)) {
            String place = name + "[" + at++ + "]";
            read.add(within(place, () -> read(asMap(element), reader)));
        }
        return read;
    }

    <T> Optional<T> child(String name, Function<Tree, T> reader) {
        Object value = get(name);
        return value == null ? Optional.empty() : Optional.of(within(name, () -> read(asMap(value), reader)));
    }

    /// A map or a text, as the first property that is there.
    boolean has(String name) {
        return get(name) != null;
    }

    private @Nullable Object get(String name) {
        asked.add(name);
        return map.get(name);
    }

    private List<?> list(String name) {
        return switch (get(name)) {
            case null -> List.of();
            case List<?> list when list.size() <= LIST_MAX -> list;
            case List<?> list ->
                throw new ClaimsFault(name, name + " has " + list.size() + " elements; " + LIST_MAX + " are possible");
            case Object other -> throw wrong(name, other, "a list");
        };
    }

    @SuppressWarnings("unchecked") // keys of a document are texts, whoever parsed it
    private static Map<String, @Nullable Object> asMap(Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw wrong("", value, "an object");
    }

    private void finish() {
        for (String name : map.keySet()) {
            if (!asked.contains(name) && !name.startsWith("@")) {
                throw new ClaimsFault(
                        name,
                        "'" + name + "' is no property here; known are " + String.join(", ", new TreeSet<>(asked)));
            }
        }
    }

    /// What goes wrong in there is told with the place.
    static <T> T within(String place, Supplier<T> work) {
        try {
            return work.get();
        } catch (ClaimsFault e) {
            throw e.within(place);
        }
    }

    private static ClaimsFault wrong(String name, @Nullable Object value, String wanted) {
        String text = String.valueOf(value);
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return new ClaimsFault(name, "'" + shown + "' is not " + wanted);
    }
}
