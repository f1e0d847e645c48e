package io.postern.admin.scim;

import io.postern.domain.scim.AttributePath;
import io.postern.domain.scim.Filter;
import io.postern.domain.scim.Order;
import io.postern.domain.scim.ResourceType;
import io.postern.domain.scim.ScimFault;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Answers to searches (RFC 7644 §3.4.2).
final class Listing {
    private static final String SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    private Listing() {}

    /// @param resources of this page
    static Answer of(long total, int startIndex, List<Map<String, Object>> resources) {
        var body = new LinkedHashMap<String, Object>();
        body.put("schemas", List.of(SCHEMA));
        body.put("totalResults", total);
        body.put("startIndex", startIndex);
        body.put("itemsPerPage", resources.size());
        body.put("Resources", resources);
        return Answer.ok(body);
    }

    /// What of all that were found is on the page, in the order that was asked for.
    static <T> List<T> page(ResourceType type, ListQuery query, List<T> found, Function<T, Map<String, Object>> shape) {
        Optional<AttributePath> path = query.sorted();
        Stream<T> ordered = found.stream();
        if (path.isPresent()) {
            Comparator<Map<String, Object>> order = Order.by(type, path.get(), query.descending());
            ordered = found.stream()
                    .map(row -> Map.entry(row, shape.apply(row)))
                    .sorted(Map.Entry.comparingByValue(order))
                    .map(Map.Entry::getKey);
        }
        return ordered.skip(query.startIndex() - 1L).limit(query.count()).toList();
    }

    /// The text that the attribute must be equal to, where the filter says so of the whole: who looks for one need not
    /// look at all.
    static Optional<String> only(Optional<Filter> filter, String attribute) {
        return switch (filter.orElse(null)) {
            case Filter.Comparison(AttributePath path, Filter.Operator operator, Object value)
            when operator == Filter.Operator.EQ
                    && path.part().isEmpty()
                    && path.attribute().equalsIgnoreCase(attribute)
                    && value instanceof String text -> Optional.of(text);
            case Filter.And(List<Filter> all) ->
                all.stream()
                        .flatMap(each -> only(Optional.of(each), attribute).stream())
                        .findFirst();
            case null, default -> Optional.empty();
        };
    }

    static <T> T orNotFound(Optional<T> id, String kind, String text) {
        return id.orElseThrow(() -> ScimFault.of(404, "there is no " + kind + " '" + text + "'"));
    }
}
