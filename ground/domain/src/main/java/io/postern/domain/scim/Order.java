package io.postern.domain.scim;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The order of documents by an attribute (RFC 7644 §3.4.2.3): of several values the primary one counts, or the first;
/// what has none stands last, and first when descending.
public final class Order {
    private Order() {}

    /// @throws ScimFault `invalidValue` when there is no such attribute, or it cannot be ordered by
    public static Comparator<Map<String, Object>> by(ResourceType type, AttributePath path, boolean descending) {
        ResourceType.Place place = type.place(path)
                .orElseThrow(() ->
                        ScimFault.value("there is no attribute '" + path + "' of a " + type.name() + " to sort by"));
        Attribute attribute = place.attribute().orElseThrow();
        Attribute leaf = place.part().orElse(attribute);
        if ((leaf.type() == Attribute.Type.COMPLEX && leaf.part("value").isEmpty())
                || leaf.returned() == Attribute.Returned.NEVER) {
            throw ScimFault.value("nobody can sort by " + path);
        }
        Comparator<Map<String, Object>> ascending = Comparator.comparing(
                document -> key(place, leaf, document).orElse(null), Comparator.nullsLast(Comparator.naturalOrder()));
        return descending ? ascending.reversed() : ascending;
    }

    private static Optional<String> key(ResourceType.Place place, Attribute leaf, Map<String, Object> document) {
        List<Object> values =
                Documents.values(place.extension(), place.attribute().orElseThrow(), document);
        return values.stream()
                .filter(v -> Boolean.TRUE.equals(Documents.parts(v).get("primary")))
                .findFirst()
                .or(() -> values.stream().findFirst())
                .flatMap(value -> text(place, value))
                .map(text ->
                        leaf.caseExact() ? text : text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
    }

    private static Optional<String> text(ResourceType.Place place, Object value) {
        if (!(value instanceof Map<?, ?> parts)) {
            return Optional.of(value.toString());
        }
        @Nullable Object part = parts.get(place.part().map(Attribute::name).orElse("value"));
        return Optional.ofNullable(part).map(Object::toString);
    }
}
