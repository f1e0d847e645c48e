package io.postern.admin.service;

import io.postern.store.AuditEntry.Modified;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What became of which property of a thing, for the audit log: by the components of its record, and of the records
/// within. Values that are secrets, or as good as, are only said to have changed.
final class Differences {
    private static final int VALUE_MAX = 1_000;
    private static final String HIDDEN = "(not shown)";
    private static final Set<String> SECRET = Set.of("passwordHash", "password", "secret", "secretHash", "key");
    /// Follow from the change itself, or belong to no property that anybody sets.
    private static final Set<String> LEFT_OUT = Set.of("sessionsValidFrom", "created", "tenant", "id");

    private Differences() {}

    /// In the order of the components.
    static List<Modified> between(Record before, Record after) {
        return between("", before, after);
    }

    /// @param prefix of the names, where the record is part of what was changed
    static List<Modified> between(String prefix, Record before, Record after) {
        var found = new ArrayList<Modified>();
        collect(prefix, before, after, found);
        return List.copyOf(found);
    }

    private static void collect(String prefix, Record before, Record after, List<Modified> found) {
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            Object old = value(component, before);
            Object now = value(component, after);
            if (old.equals(now) || LEFT_OUT.contains(component.getName())) {
                continue;
            }
            String name = prefix + component.getName();
            if (SECRET.contains(component.getName())) {
                found.add(new Modified(name, HIDDEN, HIDDEN));
            } else if (old instanceof Map<?, ?> one && now instanceof Map<?, ?> other) {
                var keys = new TreeSet<String>();
                one.keySet().forEach(key -> keys.add(key.toString()));
                other.keySet().forEach(key -> keys.add(key.toString()));
                keys.stream()
                        .filter(key -> !Objects.equals(one.get(key), other.get(key)))
                        .forEach(key -> found.add(new Modified(key, text(one.get(key)), text(other.get(key)))));
            } else if (old instanceof Record one && now instanceof Record other && one.getClass() == other.getClass()) {
                int known = found.size();
                collect(name + ".", one, other, found);
                if (found.size() == known) {
                    found.add(new Modified(name, text(old), text(now)));
                }
            } else {
                found.add(new Modified(name, text(old), text(now)));
            }
        }
    }

    /// What is in an optional, or an empty text.
    private static Object value(RecordComponent component, Record of) {
        try {
            Object value = component.getAccessor().invoke(of);
            return value instanceof Optional<?> optional
                    ? optional.<Object>map(v -> v).orElse("")
                    : value;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record's own accessor fails: " + component, e);
        }
    }

    private static String text(@Nullable Object value) {
        String text = switch (value) {
            case Collection<?> many -> many.stream().map(Differences::text).collect(Collectors.joining(", "));
            case null -> "";
            default -> value.toString();
        };
        return text.length() <= VALUE_MAX ? text : text.substring(0, VALUE_MAX) + "...";
    }
}
