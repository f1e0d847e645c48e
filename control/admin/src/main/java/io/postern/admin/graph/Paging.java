package io.postern.admin.graph;

import io.postern.web.Json;
import io.postern.web.Parameters;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Lists in pages: `$top`, `$skiptoken`, `$filter`. A page begins after a key, not at a number, so nothing
/// is lost or shown twice when rows come and go.
final class Paging {
    private static final int TOP_DEFAULT = 100;
    private static final int TOP_MAX = 999;
    private static final Pattern EQ = Pattern.compile("(\\w+) eq (?:'((?:[^']|'')*)'|(true|false))");
    private static final Pattern STARTS = Pattern.compile("startswith\\((\\w+), ?'((?:[^']|'')*)'\\)");

    /// @param property name as in JSON
    /// @param whole equal, else beginning with
    record Filter(String property, String value, boolean whole) {
        boolean matches(String text) {
            String folded = text.toLowerCase(Locale.ROOT);
            String wanted = value.toLowerCase(Locale.ROOT);
            return whole ? folded.equals(wanted) : folded.startsWith(wanted);
        }
    }

    private Paging() {}

    static int top(Call call) {
        return call.query().one("$top").map(Paging::parseTop).orElse(TOP_DEFAULT);
    }

    /// The key after which the page begins; empty for the first.
    static String after(Call call) {
        return call.query()
                .one("$skiptoken")
                .map(token -> {
                    try {
                        return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
                    } catch (IllegalArgumentException e) {
                        throw GraphFault.invalid("$skiptoken", "$skiptoken is not one that this service gave out");
                    }
                })
                .orElse("");
    }

    /// @param allowed properties that this list can be filtered by
    static Optional<Filter> filter(Call call, Set<String> allowed) {
        return call.query().one("$filter").map(text -> {
            Matcher eq = EQ.matcher(text);
            Matcher starts = STARTS.matcher(text);
            Matcher found = eq.matches() ? eq : starts;
            if (!found.matches() || !allowed.contains(found.group(1))) {
                throw GraphFault.invalid(
                        "$filter",
                        "$filter '" + text
                                + "' is not supported; use <property> eq 'text' or startswith(<property>,'text') with "
                                + String.join(", ", allowed.stream().sorted().toList()));
            }
            Optional<String> literal = found == eq ? Optional.ofNullable(eq.group(3)) : Optional.empty();
            String value = literal.orElseGet(() -> found.group(2).replace("''", "'"));
            return new Filter(found.group(1), value, found == eq);
        });
    }

    /// A page of rows that are all in memory.
    ///
    /// @param key orders the rows, unique
    /// @param properties what can be filtered by
    static <T> Reply page(
            Call call,
            List<T> rows,
            Function<T, String> key,
            Map<String, Function<T, String>> properties,
            Function<T, ObjectNode> shape) {
        Predicate<T> wanted = filter(call, properties.keySet())
                .<Predicate<T>>map(f -> row -> f.matches(read(properties, f.property(), row)))
                .orElse(_ -> true);
        String after = after(call);
        int top = top(call);
        List<T> found = rows.stream()
                .filter(wanted)
                .filter(row -> key.apply(row).compareTo(after) > 0)
                .sorted(Comparator.comparing(key))
                .limit(top + 1L)
                .toList();
        return reply(call, found, top, key, shape);
    }

    /// @param found one row more than `top` when there is another page
    static <T> Reply reply(Call call, List<T> found, int top, Function<T, String> key, Function<T, ObjectNode> shape) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        ArrayNode value = body.putArray("value");
        found.stream().limit(top).map(shape).forEach(value::add);
        if (found.size() > top) {
            String token = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(key.apply(found.get(top - 1)).getBytes(StandardCharsets.UTF_8));
            Parameters rest = call.query().without(Set.of("$skiptoken"));
            String query = rest.encoded();
            body.put(
                    "@odata.nextLink",
                    call.link() + "?" + query + (query.isEmpty() ? "" : "&") + "$skiptoken=" + token);
        }
        return Reply.ok(body);
    }

    private static <T> String read(Map<String, Function<T, String>> properties, String name, T row) {
        Function<T, String> property = properties.get(name);
        return property == null ? "" : property.apply(row);
    }

    private static int parseTop(String text) {
        if (!text.matches("[1-9][0-9]{0,2}")) {
            throw GraphFault.invalid("$top", "$top '" + text + "' must be a number from 1 to " + TOP_MAX);
        }
        return Integer.parseInt(text);
    }
}
