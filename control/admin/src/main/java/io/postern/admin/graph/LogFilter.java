package io.postern.admin.graph;

import io.postern.store.LogField;
import io.postern.store.LogQuery.Condition;
import io.postern.store.LogQuery.Operator;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `$filter` of the logs: conditions joined by `and`, each of them `eq` or `ne`, `startswith`, or for the time also
/// `ge`,
/// `gt`, `le` and `lt`.
final class LogFilter {
    private static final String TEXT = "'((?:[^']|'')*)'";
    private static final Pattern STARTS = Pattern.compile("startswith\\( ?([\\w/]+) ?, ?" + TEXT + " ?\\)");
    private static final Pattern ANY =
            Pattern.compile("(\\w+)/any\\( ?(\\w+) ?: ?\\2((?:/\\w+)?) eq " + TEXT + " ?\\)");
    private static final Pattern COMPARED =
            Pattern.compile("([\\w/]+) (eq|ne|ge|gt|le|lt) (?:" + TEXT + "|([\\w:.+-]+))");
    private static final Pattern AND = Pattern.compile(" +and +");

    private final Map<String, LogField> properties;

    /// @param properties by their names in JSON
    LogFilter(Map<String, LogField> properties) {
        this.properties = Map.copyOf(properties);
    }

    /// @throws GraphFault 400 that names the part that is not understood
    List<Condition> read(String filter) {
        var conditions = new ArrayList<Condition>();
        String rest = filter.strip();
        while (true) {
            Matcher found = next(rest);
            conditions.add(condition(found));
            rest = rest.substring(found.end());
            if (rest.isBlank()) {
                return conditions;
            }
            Matcher and = AND.matcher(rest);
            if (!and.lookingAt()) {
                throw refused(rest);
            }
            rest = rest.substring(and.end());
        }
    }

    private Matcher next(String rest) {
        for (Pattern pattern : List.of(STARTS, ANY, COMPARED)) {
            Matcher matcher = pattern.matcher(rest);
            if (matcher.lookingAt()) {
                return matcher;
            }
        }
        throw refused(rest);
    }

    private Condition condition(Matcher found) {
        if (found.pattern() == STARTS) {
            return new Condition(text(found, found.group(1)), Operator.STARTS_WITH, unquoted(found.group(2)));
        }
        if (found.pattern() == ANY) {
            return Condition.equal(text(found, found.group(1) + found.group(3)), unquoted(found.group(4)));
        }
        String name = found.group(1);
        String value = found.group(3) == null ? found.group(4) : unquoted(found.group(3));
        Operator operator = operator(found.group(2));
        if (properties.get(name) == LogField.HAPPENED) {
            return new Condition(LogField.HAPPENED, operator, instant(value).toString());
        }
        if (name.equals("isInteractive") && properties.containsKey(name)) {
            boolean same = value.equals("true") == (operator == Operator.EQUAL);
            return new Condition(LogField.KIND, same ? Operator.EQUAL : Operator.OTHER, "interactiveUser");
        }
        if (operator != Operator.EQUAL && operator != Operator.OTHER) {
            throw refused(found.group());
        }
        return new Condition(text(found, name), operator, value);
    }

    private LogField text(Matcher found, String name) {
        LogField field = properties.get(name);
        if (field == null || field == LogField.HAPPENED) {
            throw refused(found.group());
        }
        return field;
    }

    private static Operator operator(String name) {
        return switch (name) {
            case "eq" -> Operator.EQUAL;
            case "ne" -> Operator.OTHER;
            case "ge" -> Operator.AT_LEAST;
            case "gt" -> Operator.MORE;
            case "le" -> Operator.AT_MOST;
            default -> Operator.LESS;
        };
    }

    private static Instant instant(String value) {
        try {
            return OffsetDateTime.parse(value.toUpperCase(Locale.ROOT)).toInstant();
        } catch (DateTimeException e) {
            throw GraphFault.invalid("$filter", "'" + value + "' is not a time; write it as 2026-11-22T08:00:00Z");
        }
    }

    private static String unquoted(String text) {
        return text.replace("''", "'");
    }

    private GraphFault refused(String part) {
        return GraphFault.invalid(
                "$filter",
                "$filter is not understood from '" + part + "' on; join with 'and': <property> eq 'text',"
                        + " startswith(<property>,'text'), and for the time ge, gt, le and lt; properties are "
                        + String.join(", ", new TreeSet<>(properties.keySet())));
    }
}
