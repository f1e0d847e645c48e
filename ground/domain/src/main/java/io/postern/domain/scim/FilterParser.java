package io.postern.domain.scim;

import io.postern.domain.scim.Filter.Operator;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads filters and the paths of changes by descent: `or` binds least, then `and`, then `not` (RFC 7644 §3.4.2.2).
/// Operators are known in any case. Bounds keep what strangers send from costing much.
final class FilterParser {
    private static final int LENGTH_MAX = 4_096;
    private static final int DEPTH_MAX = 32;
    private static final Pattern WORD = Pattern.compile("[^\\s()\\[\\]\"]+");
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]{0,17})(?:\\.[0-9]{1,18})?");

    private final String text;
    private int at;
    private int depth;

    FilterParser(String text) {
        this.text = text;
        if (text.length() > LENGTH_MAX) {
            throw ScimFault.filter("the filter has " + text.length() + " characters; " + LENGTH_MAX + " are taken");
        }
    }

    Filter whole() {
        Filter filter = or();
        skip();
        if (at < text.length()) {
            throw fault("'and', 'or' or the end is expected, not '" + rest() + "'");
        }
        return filter;
    }

    /// `attribute`, `attribute.part`, `attribute[filter]` or `attribute[filter].part` (RFC 7644 §3.5.2).
    PatchPath path() {
        skip();
        AttributePath attribute = attribute();
        Optional<Filter> filter = Optional.empty();
        if (isNext('[')) {
            filter = Optional.of(values());
            if (isNext('.')) {
                attribute = attribute.with(Optional.of(word("a part")));
            }
        }
        skip();
        if (at < text.length()) {
            throw fault("the end is expected, not '" + rest() + "'");
        }
        return new PatchPath(attribute, filter);
    }

    private Filter or() {
        var any = new ArrayList<Filter>(List.of(and()));
        while (isWord("or")) {
            any.add(and());
        }
        return any.size() == 1 ? any.getFirst() : new Filter.Or(any);
    }

    private Filter and() {
        var all = new ArrayList<Filter>(List.of(one()));
        while (isWord("and")) {
            all.add(one());
        }
        return all.size() == 1 ? all.getFirst() : new Filter.And(all);
    }

    private Filter one() {
        if (++depth > DEPTH_MAX) {
            throw fault("it is nested deeper than " + DEPTH_MAX + " times");
        }
        try {
            skip();
            int begun = at;
            if (isWord("not")) {
                skip();
                if (isNext('(')) {
                    return new Filter.Not(closed());
                }
                at = begun; // an attribute of that name
            }
            return isNext('(') ? closed() : condition();
        } finally {
            depth--;
        }
    }

    private Filter closed() {
        Filter inner = or();
        skip();
        if (!isNext(')')) {
            throw fault("')' is expected" + instead());
        }
        return inner;
    }

    private Filter values() {
        Filter inner = or();
        skip();
        if (!isNext(']')) {
            throw fault("']' is expected" + instead());
        }
        return inner;
    }

    private Filter condition() {
        AttributePath path = attribute();
        if (isNext('[')) {
            Filter.Values list = new Filter.Values(path, values());
            return isNext('.') ? within(list) : list;
        }
        skip();
        int begun = at;
        String operator = word("an operator").toUpperCase(Locale.ROOT);
        if (operator.equals("PR")) {
            return new Filter.Present(path);
        }
        for (Operator known : Operator.values()) {
            if (known.name().equals(operator)) {
                return new Filter.Comparison(path, known, value());
            }
        }
        at = begun;
        throw fault("an operator is expected (eq, ne, co, sw, ew, pr, gt, ge, lt, le), not '" + rest() + "'");
    }

    /// `emails[type eq "work"].value eq "x"`: none of the grammar's, but clients send it; both must hold of one value.
    private Filter within(Filter.Values list) {
        Filter inner = condition();
        return new Filter.Values(list.path(), new Filter.And(List.of(list.inner(), inner)));
    }

    private AttributePath attribute() {
        skip();
        int begun = at;
        String word = word("the name of an attribute");
        return AttributePath.parse(word).orElseThrow(() -> {
            at = begun;
            return fault("the name of an attribute is expected, not '" + word + "'");
        });
    }

    private Object value() {
        skip();
        if (isNext('"')) {
            return quoted();
        }
        int begun = at;
        String word = word("a value");
        switch (word) {
            case "true", "True" -> {
                return true;
            }
            case "false", "False" -> {
                return false;
            }
            case "null" -> {
                return Filter.NULL;
            }
            default -> {
                if (NUMBER.matcher(word).matches()) {
                    return new BigDecimal(word);
                }
            }
        }
        at = begun;
        throw fault("a value is expected (\"text\", a number, true, false, null), not '" + word + "'");
    }

    /// A string of JSON, behind its opening quote.
    private String quoted() {
        int begun = at - 1;
        var value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return value.toString();
            }
            value.append(c == '\\' ? escaped() : c);
        }
        at = begun;
        throw fault("the quote is never closed");
    }

    private char escaped() {
        if (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case '"', '\\', '/' -> {
                    return c;
                }
                case 'b' -> {
                    return '\b';
                }
                case 'f' -> {
                    return '\f';
                }
                case 'n' -> {
                    return '\n';
                }
                case 'r' -> {
                    return '\r';
                }
                case 't' -> {
                    return '\t';
                }
                case 'u' -> {
                    if (at + 4 <= text.length() && text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}")) {
                        at += 4;
                        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
                    }
                }
                default -> {
                    // told below
                }
            }
        }
        throw fault("a backslash in a text stands before one of \"\\/bfnrt, or u and four hexadecimal digits");
    }

    private String word(String expected) {
        Matcher word = WORD.matcher(text).region(at, text.length());
        if (!word.lookingAt()) {
            throw fault(expected + " is expected" + instead());
        }
        at = word.end();
        return word.group();
    }

    private boolean isWord(String wanted) {
        skip();
        Matcher word = WORD.matcher(text).region(at, text.length());
        if (word.lookingAt() && word.group().equalsIgnoreCase(wanted)) {
            at = word.end();
            return true;
        }
        return false;
    }

    private boolean isNext(char c) {
        boolean is = at < text.length() && text.charAt(at) == c;
        at += is ? 1 : 0;
        return is;
    }

    private void skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private String instead() {
        return at < text.length() ? ", not '" + rest() + "'" : " at the end";
    }

    private String rest() {
        return text.substring(at, Math.min(text.length(), at + 20));
    }

    private ScimFault fault(String what) {
        return ScimFault.filter(text, at, what);
    }
}
