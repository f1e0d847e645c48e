package io.postern.domain.scim;

import io.postern.domain.scim.Filter.Operator;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Decides whether a document satisfies a filter. What a filter names is looked up once, when it is made: a name that
/// no schema has is a fault and not an empty answer, because who finds nobody makes him a second time.
public final class Matching {
    private Matching() {}

    /// @throws ScimFault `invalidFilter` for unknown attributes and comparisons that their type does not know
    public static Predicate<Map<String, Object>> of(ResourceType type, Filter filter) {
        return switch (filter) {
            case Filter.And(List<Filter> all) ->
                all.stream().map(f -> of(type, f)).reduce(_ -> true, Predicate::and);
            case Filter.Or(List<Filter> any) ->
                any.stream().map(f -> of(type, f)).reduce(_ -> false, Predicate::or);
            case Filter.Not(Filter inner) -> of(type, inner).negate();
            case Filter.Present(AttributePath path) -> {
                ResourceType.Place place = place(type, path);
                yield document -> !values(place, document).isEmpty();
            }
            case Filter.Comparison(AttributePath path, Operator operator, Object value) -> {
                ResourceType.Place place = place(type, path);
                Predicate<List<Object>> test = comparison(path, leaf(place), operator, value);
                yield document -> test.test(values(place, document));
            }
            case Filter.Values(AttributePath path, Filter inner) -> {
                ResourceType.Place place = place(type, path);
                Attribute list = place.attribute().orElseThrow();
                Predicate<Map<String, Object>> test = ofValue(list, inner);
                yield document -> Documents.values(place.extension(), list, document).stream()
                        .anyMatch(value -> test.test(Documents.parts(value)));
            }
        };
    }

    /// For one value of a list; names are those of its parts.
    public static Predicate<Map<String, Object>> ofValue(Attribute list, Filter filter) {
        return switch (filter) {
            case Filter.And(List<Filter> all) ->
                all.stream().map(f -> ofValue(list, f)).reduce(_ -> true, Predicate::and);
            case Filter.Or(List<Filter> any) ->
                any.stream().map(f -> ofValue(list, f)).reduce(_ -> false, Predicate::or);
            case Filter.Not(Filter inner) -> ofValue(list, inner).negate();
            case Filter.Present(AttributePath path) -> {
                Attribute part = part(list, path);
                yield parts -> parts.containsKey(part.name());
            }
            case Filter.Comparison(AttributePath path, Operator operator, Object value) -> {
                Attribute part = part(list, path);
                Predicate<List<Object>> test = comparison(path, part, operator, value);
                yield parts -> {
                    @Nullable Object held = parts.get(part.name());
                    return test.test(held == null ? List.of() : List.of(held));
                };
            }
            case Filter.Values(AttributePath path, Filter _) ->
                throw ScimFault.filter(path + "[...] cannot stand within brackets");
        };
    }

    private static ResourceType.Place place(ResourceType type, AttributePath path) {
        ResourceType.Place place = type.place(path)
                .orElseThrow(() -> ScimFault.filter(
                        "there is no attribute '" + path + "' of a " + type.name() + "; see /Schemas"));
        if (place.part()
                .or(place::attribute)
                .filter(a -> a.returned() == Attribute.Returned.NEVER)
                .isPresent()) {
            throw ScimFault.filter("nobody can search by " + path);
        }
        return place;
    }

    private static Attribute part(Attribute list, AttributePath path) {
        return list.part(path.attribute())
                .filter(_ -> path.part().isEmpty())
                .orElseThrow(() -> ScimFault.filter("a value of " + list.name() + " has no '" + path + "'"));
    }

    /// What is compared: of a complex attribute its `value`.
    private static Attribute leaf(ResourceType.Place place) {
        Attribute attribute = place.part().or(place::attribute).orElseThrow();
        if (attribute.type() != Attribute.Type.COMPLEX) {
            return attribute;
        }
        return attribute
                .part("value")
                .orElseThrow(() -> ScimFault.filter(attribute.name() + " has parts; name one of them, such as "
                        + attribute.name() + "." + attribute.parts().getFirst().name()));
    }

    private static List<Object> values(ResourceType.Place place, Map<String, Object> document) {
        Attribute attribute = place.attribute().orElseThrow();
        List<Object> values = Documents.values(place.extension(), attribute, document);
        Optional<Attribute> part = place.part();
        if (part.isEmpty()) {
            return values.stream()
                    .map(v -> v instanceof Map<?, ?> map && map.get("value") != null ? map.get("value") : v)
                    .<Object>map(v -> v)
                    .toList();
        }
        return values.stream()
                .flatMap(v ->
                        Optional.ofNullable(Documents.parts(v).get(part.get().name())).stream())
                .toList();
    }

    private static Predicate<List<Object>> comparison(
            AttributePath path, Attribute attribute, Operator operator, Object wanted) {
        if (Filter.NULL.equals(wanted)) {
            return switch (operator) {
                case EQ -> List::isEmpty;
                case NE -> values -> !values.isEmpty();
                case CO, SW, EW, GT, GE, LT, LE ->
                    throw ScimFault.filter(path + " can be eq null or ne null, and nothing else with null");
            };
        }
        Predicate<Object> one = switch (attribute.type()) {
            case BOOLEAN -> bool(path, operator, wanted);
            case DATE_TIME -> time(path, operator, wanted);
            case STRING, REFERENCE, COMPLEX -> text(path, attribute, operator, wanted);
        };
        // what nobody has is not equal to anything
        return operator == Operator.NE
                ? values -> values.stream().allMatch(one)
                : values -> values.stream().anyMatch(one);
    }

    private static Predicate<Object> bool(AttributePath path, Operator operator, Object wanted) {
        String text = wanted.toString().toLowerCase(Locale.ROOT);
        if (!text.equals("true") && !text.equals("false")) {
            throw ScimFault.filter(path + " is true or false, never '" + wanted + "'");
        }
        return switch (operator) {
            case EQ -> value -> value.toString().equals(text);
            case NE -> value -> !value.toString().equals(text);
            case CO, SW, EW, GT, GE, LT, LE ->
                throw ScimFault.filter(path + " is true or false; it can be eq or ne, and nothing else");
        };
    }

    private static Predicate<Object> time(AttributePath path, Operator operator, Object wanted) {
        Instant time;
        try {
            time = OffsetDateTime.parse(wanted.toString()).toInstant();
        } catch (DateTimeException e) {
            throw ScimFault.filter(path + " is a time such as 2027-01-31T00:00:00Z, never '" + wanted + "'");
        }
        return value -> ordered(operator, Instant.parse(value.toString()).compareTo(time));
    }

    private static Predicate<Object> text(AttributePath path, Attribute attribute, Operator operator, Object wanted) {
        if (wanted instanceof Boolean) {
            throw ScimFault.filter(path + " is a text, never " + wanted);
        }
        String raw = wanted instanceof BigDecimal number ? number.toPlainString() : wanted.toString();
        String text = attribute.caseExact() ? raw : fold(raw);
        return value -> {
            String held = attribute.caseExact() ? value.toString() : fold(value.toString());
            return switch (operator) {
                case CO -> held.contains(text);
                case SW -> held.startsWith(text);
                case EW -> held.endsWith(text);
                case EQ, NE, GT, GE, LT, LE -> ordered(operator, held.compareTo(text));
            };
        };
    }

    private static boolean ordered(Operator operator, int order) {
        return switch (operator) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case GT -> order > 0;
            case GE -> order >= 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case CO, SW, EW -> throw ScimFault.filter("co, sw and ew are for texts");
        };
    }

    /// One form for every case: some letters become equal only upwards, others only downwards.
    private static String fold(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
