package io.postern.admin.scim;

import io.postern.domain.scim.AttributePath;
import io.postern.domain.scim.Filter;
import io.postern.domain.scim.Projection;
import io.postern.domain.scim.ResourceType;
import io.postern.domain.scim.ScimFault;
import io.postern.web.Parameters;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What is asked for, in which order, how much of it (RFC 7644 §3.4.2). Parameters that we do not know are ignored:
/// clients add flags of their own.
///
/// @param startIndex from 1
/// @param count at most so many, 0 to [#COUNT_MAX]
record ListQuery(
        Optional<String> filter,
        Optional<String> sortBy,
        boolean descending,
        int startIndex,
        int count,
        Optional<String> attributes,
        Optional<String> excludedAttributes) {
    static final int COUNT_MAX = 1_000;
    private static final int COUNT_DEFAULT = 100;

    static final ListQuery NONE = new ListQuery(
            Optional.empty(), Optional.empty(), false, 1, COUNT_DEFAULT, Optional.empty(), Optional.empty());

    /// @throws ScimFault `invalidValue`
    static ListQuery of(Parameters query) {
        return new ListQuery(
                query.one("filter"),
                query.one("sortBy"),
                isDescending(query.one("sortOrder")),
                number("startIndex", query.one("startIndex"), 1, 1, Integer.MAX_VALUE),
                number("count", query.one("count"), COUNT_DEFAULT, 0, COUNT_MAX),
                query.one("attributes"),
                query.one("excludedAttributes"));
    }

    /// Of the body of a search (RFC 7644 §3.4.3).
    ///
    /// @throws ScimFault `invalidValue`
    static ListQuery of(Map<String, Object> body) {
        return new ListQuery(
                text(body, "filter"),
                text(body, "sortBy"),
                isDescending(text(body, "sortOrder")),
                number("startIndex", text(body, "startIndex"), 1, 1, Integer.MAX_VALUE),
                number("count", text(body, "count"), COUNT_DEFAULT, 0, COUNT_MAX),
                text(body, "attributes"),
                text(body, "excludedAttributes"));
    }

    Optional<Filter> parsed() {
        return filter.map(Filter::parse);
    }

    Projection projection(ResourceType type) {
        return Projection.of(type, attributes, excludedAttributes);
    }

    /// @throws ScimFault `invalidPath`
    Optional<AttributePath> sorted() {
        return sortBy.map(text -> AttributePath.parse(text)
                .orElseThrow(() -> ScimFault.value("sortBy '" + text + "' is not the name of an attribute")));
    }

    /// Whether the filter or the order asks for it.
    boolean mentions(String attribute) {
        String text = filter.orElse("") + " " + sortBy.orElse("");
        return text.toLowerCase(Locale.ROOT).contains(attribute);
    }

    private static Optional<String> text(Map<String, Object> body, String name) {
        Object value = body.getOrDefault(name, "");
        String text = value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : value.toString();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static boolean isDescending(Optional<String> order) {
        return switch (order.orElse("ascending")) {
            case "ascending" -> false;
            case "descending" -> true;
            default -> throw ScimFault.value("sortOrder '" + order.get() + "' is unknown; use ascending or descending");
        };
    }

    /// What is too small counts as the smallest, what is too much as the most (RFC 7644 §3.4.2.4).
    private static int number(String name, Optional<String> text, int without, int least, int most) {
        if (text.isEmpty()) {
            return without;
        }
        if (!text.get().matches("-?[0-9]{1,18}")) {
            throw ScimFault.value(name + " '" + text.get() + "' must be a number");
        }
        return Math.clamp(Long.parseLong(text.get()), least, most);
    }
}
