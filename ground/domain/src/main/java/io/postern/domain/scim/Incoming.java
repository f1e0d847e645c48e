package io.postern.domain.scim;

import io.postern.domain.scim.Attribute.Mutability;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns what clients send into documents: names in the schema's spelling, values of the schema's types. Attributes
/// that are read-only or unknown are left out (RFC 7644 §3.3, §3.5.1). Known habits of clients are taken: `"True"`
/// for a boolean, a bare id for a manager, a list with one value for a single one, names with dots.
public final class Incoming {
    private static final int TEXT_MAX = 4_096;
    private static final int VALUES_MAX = 50_000;

    private final ResourceType type;

    public Incoming(ResourceType type) {
        this.type = type;
    }

    /// @throws ScimFault `invalidValue` naming the attribute
    public Map<String, Object> document(Map<String, ? extends @Nullable Object> sent) {
        var document = new LinkedHashMap<String, Object>();
        sent.forEach((name, value) -> type.extension(name)
                .ifPresentOrElse(
                        extension ->
                                extension(extension, value).ifPresent(inner -> document.put(extension.id(), inner)),
                        () -> put(document, name, value)));
        return document;
    }

    /// The value as the schema wants it; empty when it says that there is none: null, an empty text or list.
    ///
    /// @throws ScimFault `invalidValue`
    Optional<Object> value(Attribute attribute, @Nullable Object sent) {
        if (!attribute.multiValued()) {
            return single(attribute, onlyOne(attribute, sent));
        }
        var values = new ArrayList<Object>();
        for (Object each : sent instanceof List<?> list ? list : sent == null ? List.of() : List.of(sent)) {
            single(attribute, each).ifPresent(values::add);
        }
        if (values.size() > VALUES_MAX) {
            throw ScimFault.value(attribute.name() + " has " + values.size() + " values; " + VALUES_MAX + " are taken");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values);
    }

    /// The object of an extension.
    Optional<Object> extension(Schema extension, @Nullable Object sent) {
        if (!(sent instanceof Map<?, ?> map)) {
            if (sent == null) {
                return Optional.empty();
            }
            throw ScimFault.value(extension.id() + " must be an object");
        }
        var inner = new LinkedHashMap<String, Object>();
        map.forEach((name, value) -> extension
                .attribute(String.valueOf(name))
                .filter(Incoming::isWritable)
                .ifPresent(a -> value(a, value).ifPresent(v -> inner.put(a.name(), v))));
        return inner.isEmpty() ? Optional.empty() : Optional.of(inner);
    }

    static boolean isWritable(Attribute attribute) {
        return attribute.mutability() != Mutability.READ_ONLY;
    }

    private void put(Map<String, Object> document, String name, @Nullable Object value) {
        type.attribute(name)
                .filter(Incoming::isWritable)
                .ifPresent(a -> value(a, value).ifPresent(v -> document.put(a.name(), v)));
    }

    private static @Nullable Object onlyOne(Attribute attribute, @Nullable Object sent) {
        if (!(sent instanceof List<?> list)) {
            return sent;
        }
        if (list.size() > 1) {
            throw ScimFault.value(attribute.name() + " has one value, not " + list.size());
        }
        return list.isEmpty() ? null : list.getFirst();
    }

    private Optional<Object> single(Attribute attribute, @Nullable Object sent) {
        if (sent == null || (sent instanceof String text && text.isEmpty())) {
            return Optional.empty();
        }
        if (attribute.type() == Attribute.Type.COMPLEX) {
            return complex(attribute, sent);
        }
        Object plain = sent instanceof Map<?, ?> map && map.containsKey("value") ? map.get("value") : sent;
        if (plain == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (attribute.type()) {
                    case BOOLEAN -> bool(attribute, plain);
                    case DATE_TIME -> time(attribute, plain);
                    case STRING, REFERENCE, COMPLEX -> text(attribute, plain);
                });
    }

    private Optional<Object> complex(Attribute attribute, Object sent) {
        if (sent instanceof Map<?, ?> map) {
            var parts = new LinkedHashMap<String, Object>();
            map.forEach((name, value) -> attribute
                    .part(String.valueOf(name))
                    .filter(Incoming::isWritable)
                    .ifPresent(part -> value(part, value).ifPresent(v -> parts.put(part.name(), v))));
            return parts.isEmpty() ? Optional.empty() : Optional.of(parts);
        }
        Attribute value =
                attribute.part("value").orElseThrow(() -> ScimFault.value(attribute.name() + " must be an object"));
        var parts = new LinkedHashMap<String, Object>();
        single(value, sent).ifPresent(v -> parts.put(value.name(), v));
        return parts.isEmpty() ? Optional.empty() : Optional.of(parts);
    }

    private static Object bool(Attribute attribute, Object sent) {
        if (sent instanceof Boolean) {
            return sent;
        }
        return switch (sent.toString().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw ScimFault.value(attribute.name() + " must be true or false, not '" + shown(sent) + "'");
        };
    }

    private static Object time(Attribute attribute, Object sent) {
        try {
            return OffsetDateTime.parse(sent.toString()).toInstant().toString();
        } catch (DateTimeException e) {
            throw ScimFault.value(
                    attribute.name() + " must be a time such as 2027-01-31T00:00:00Z, not '" + shown(sent) + "'");
        }
    }

    private static Object text(Attribute attribute, Object sent) {
        if (!(sent instanceof String || sent instanceof Number || sent instanceof Boolean)) {
            throw ScimFault.value(attribute.name() + " must be a text");
        }
        String text = sent instanceof BigDecimal number ? number.toPlainString() : sent.toString();
        if (text.length() > TEXT_MAX) {
            throw ScimFault.value(
                    attribute.name() + " has " + text.length() + " characters; " + TEXT_MAX + " are taken");
        }
        return text;
    }

    private static String shown(Object sent) {
        String text = sent.toString();
        return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }
}
