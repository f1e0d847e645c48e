package io.postern.domain.scim;

import io.postern.domain.scim.Filter.Operator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The value that a filter describes, where it says of each part what it is and nothing else.
final class Template {
    private Template() {}

    /// Changeable; empty when the filter leaves a choice.
    static Optional<Map<String, Object>> of(Attribute list, Filter filter) {
        var value = new LinkedHashMap<String, Object>();
        return collect(list, filter, value) ? Optional.of(value) : Optional.empty();
    }

    private static boolean collect(Attribute list, Filter filter, Map<String, Object> into) {
        return switch (filter) {
            case Filter.And(List<Filter> all) -> all.stream().allMatch(f -> collect(list, f, into));
            case Filter.Comparison(AttributePath path, Operator operator, Object value) -> {
                Optional<Attribute> part = list.part(path.attribute());
                if (operator != Operator.EQ || part.isEmpty() || Filter.NULL.equals(value)) {
                    yield false;
                }
                Object typed = part.get().type() == Attribute.Type.BOOLEAN
                        ? Boolean.parseBoolean(value.toString())
                        : value.toString();
                into.put(part.get().name(), typed);
                yield true;
            }
            case Filter.Or _, Filter.Not _, Filter.Present _, Filter.Values _ -> false;
        };
    }
}
