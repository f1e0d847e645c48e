package io.postern.domain.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads the text form of an [Expression]; a fault names the offset, what stands there and what is expected.
final class ExpressionParser {
    private static final int CHARACTERS_MAX = 1_024;
    private static final int DEPTH_MAX = 8;

    private final String text;
    private int at;

    ExpressionParser(String text) {
        if (text.length() > CHARACTERS_MAX) {
            throw new IllegalArgumentException("an expression has at most " + CHARACTERS_MAX + " characters");
        }
        this.text = text;
    }

    Expression whole() {
        Expression expression = expression(0);
        blanks();
        if (at < text.length()) {
            throw fault("the end");
        }
        return expression;
    }

    private Expression expression(int depth) {
        if (depth > DEPTH_MAX) {
            throw fault("at most " + DEPTH_MAX + " functions within each other");
        }
        blanks();
        if (at < text.length() && text.charAt(at) == '"') {
            return new Expression.Constant(quoted());
        }
        int start = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        if (at == start || !isLetter(text.charAt(start))) {
            at = start;
            throw fault("an attribute, a text in double quotes, or firstOf, lower, upper, join");
        }
        String name = text.substring(start, at);
        blanks();
        if (at >= text.length() || text.charAt(at) != '(') {
            return new Expression.Attribute(name.toLowerCase(Locale.ROOT));
        }
        return function(name, start, depth);
    }

    private Expression function(String name, int start, int depth) {
        at++; // the bracket
        return switch (name) {
            case "firstOf" -> new Expression.FirstOf(rest(depth));
            case "lower" -> new Expression.Lower(single(depth));
            case "upper" -> new Expression.Upper(single(depth));
            case "join" -> {
                blanks();
                if (at >= text.length() || text.charAt(at) != '"') {
                    throw fault("the text to put between, in double quotes");
                }
                String between = quoted();
                blanks();
                expect(',');
                yield new Expression.Join(between, rest(depth));
            }
            default -> {
                at = start;
                throw fault("one of the functions firstOf, lower, upper, join");
            }
        };
    }

    private Expression single(int depth) {
        Expression of = expression(depth + 1);
        blanks();
        expect(')');
        return of;
    }

    private List<Expression> rest(int depth) {
        var parts = new ArrayList<Expression>();
        while (true) {
            parts.add(expression(depth + 1));
            blanks();
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
                continue;
            }
            expect(')');
            return List.copyOf(parts);
        }
    }

    private String quoted() {
        var out = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            out.append(text.charAt(at));
            at++;
        }
        expect('"');
        return out.toString();
    }

    private void expect(char wanted) {
        if (at >= text.length() || text.charAt(at) != wanted) {
            throw fault("'" + wanted + "'");
        }
        at++;
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private IllegalArgumentException fault(String expected) {
        String found = at >= text.length() ? "the end" : "'" + text.charAt(at) + "'";
        return new IllegalArgumentException(
                "expression '" + text + "': at " + (at + 1) + " stands " + found + ", expected is " + expected);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isNamePart(char c) {
        return isLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ';';
    }
}
