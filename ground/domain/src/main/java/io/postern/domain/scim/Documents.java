package io.postern.domain.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reading and copying documents.
final class Documents {
    private Documents() {}

    /// The object in which an attribute lies; empty when there is none yet.
    static Map<String, Object> holder(Optional<String> extension, Map<String, Object> document) {
        return extension.map(id -> parts(document.getOrDefault(id, Map.of()))).orElse(document);
    }

    /// The values of an attribute: none, the only one, or all of the list.
    static List<Object> values(Optional<String> extension, Attribute attribute, Map<String, Object> document) {
        @Nullable Object value = holder(extension, document).get(attribute.name());
        if (value == null) {
            return List.of();
        }
        return value instanceof List<?> list ? list(list) : List.of(value);
    }

    @SuppressWarnings("unchecked") // documents are made by Incoming and by us; their lists hold no null
    static List<Object> list(List<?> list) {
        return (List<Object>) list;
    }

    /// A complex value; what is none has no parts.
    @SuppressWarnings("unchecked") // documents are made by Incoming and by us; their keys are texts
    static Map<String, Object> parts(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /// All the way down, and changeable.
    static Map<String, Object> copy(Map<String, Object> document) {
        var copy = new LinkedHashMap<String, Object>();
        document.forEach((name, value) -> copy.put(name, copied(value)));
        return copy;
    }

    static Object copied(Object value) {
        if (value instanceof Map<?, ?>) {
            return copy(parts(value));
        }
        if (value instanceof List<?> list) {
            var copy = new ArrayList<Object>();
            list(list).forEach(each -> copy.add(copied(each)));
            return copy;
        }
        return value;
    }
}
