package io.postern.domain.scim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which attributes an answer has (RFC 7644 §3.9): those that are asked for, or all but those that are not wanted.
/// `id`, `schemas` and what a schema says is always returned stay in any case.
public final class Projection {
    private final ResourceType type;
    private final boolean excluding;
    private final Set<String> names;

    private Projection(ResourceType type, boolean excluding, Set<String> names) {
        this.type = type;
        this.excluding = excluding;
        this.names = names;
    }

    /// @param attributes as in the query, with commas; `excluded` counts only where there are none
    public static Projection of(ResourceType type, Optional<String> attributes, Optional<String> excluded) {
        return new Projection(
                type,
                attributes.isEmpty(),
                attributes.or(() -> excluded).map(text -> names(type, text)).orElse(Set.of()));
    }

    /// Whether the attribute of the core is in the answer.
    public boolean has(String attribute) {
        String name = attribute.toLowerCase(Locale.ROOT);
        return excluding
                ? !names.contains(name)
                : names.stream().anyMatch(n -> n.equals(name) || n.startsWith(name + "."));
    }

    /// Whether the client chose at all.
    public boolean isEverything() {
        return excluding && names.isEmpty();
    }

    public Map<String, Object> of(Map<String, Object> document) {
        if (isEverything()) {
            return document;
        }
        var shown = new LinkedHashMap<String, Object>();
        document.forEach((name, value) -> {
            Optional<Schema> extension = type.extension(name);
            boolean always = extension.isEmpty()
                    && type.attribute(name)
                            .filter(a -> a.returned() == Attribute.Returned.ALWAYS)
                            .isPresent();
            if (always) {
                shown.put(name, value);
            } else {
                String key = name.toLowerCase(Locale.ROOT);
                reduce(key, value, extension.isPresent() ? key + ":" : key + ".")
                        .ifPresent(v -> shown.put(name, v));
            }
        });
        return shown;
    }

    /// @param inner how the names of the parts begin
    private Optional<Object> reduce(String key, Object value, String inner) {
        if (names.contains(key)) {
            return excluding ? Optional.empty() : Optional.of(value);
        }
        if (names.stream().noneMatch(n -> n.startsWith(inner))) {
            return excluding ? Optional.of(value) : Optional.empty();
        }
        if (value instanceof List<?> list) {
            var values = new ArrayList<Object>();
            list.forEach(each -> reduce(key, each, inner).ifPresent(values::add));
            return values.isEmpty() ? Optional.empty() : Optional.of(values);
        }
        var parts = new LinkedHashMap<String, Object>();
        Documents.parts(value).forEach((name, part) -> {
            String path = inner + name.toLowerCase(Locale.ROOT);
            reduce(path, part, path + ".").ifPresent(p -> parts.put(name, p));
        });
        return parts.isEmpty() ? Optional.empty() : Optional.of(parts);
    }

    private static Set<String> names(ResourceType type, String text) {
        var names = new HashSet<String>();
        for (String each : text.split(",", -1)) {
            String name = each.strip().toLowerCase(Locale.ROOT);
            String core = type.core().id().toLowerCase(Locale.ROOT) + ":";
            if (!name.isEmpty()) {
                names.add(name.startsWith(core) ? name.substring(core.length()) : name);
            }
        }
        return Set.copyOf(names);
    }
}
