package io.postern.domain.membership;

import io.postern.domain.directory.Dates;
import io.postern.domain.membership.Token.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/// Reads a rule. Comparisons bind closest, then -not, -and, -or. What -any and -all ask of each element goes as far as
/// it can, or stands in brackets and ends with them (DYN-3).
final class Parser {
    /// Deeper rules are nobody's, and each level is one on the stack.
    private static final int DEPTH_MAX = 100;

    private static final String OPERATORS = "an operator such as -eq, -ne, -startsWith, -contains, -match or -in";

    /// What is asked about: a user, an element of his, or a group of his.
    private enum Scope {
        USER("a property such as user.department, -not or a bracket"),
        ELEMENT("_, the element that -any or -all looks at"),
        GROUP("group.objectId");

        private final String expected;

        Scope(String expected) {
            this.expected = expected;
        }
    }

    private final String rule;
    private final List<Token> tokens;
    private final Set<String> sources = new LinkedHashSet<>();
    private int at;
    private int depth;

    Parser(String rule) {
        this.rule = rule;
        this.tokens = Lexer.read(rule);
    }

    /// @throws RuleFault with the place at which it cannot be read any more
    Condition parse() {
        Condition condition = peek().isWord("Direct") ? directReports() : or(Scope.USER);
        if (!peek().is(Kind.END)) {
            throw fault(peek(), "-and, -or or the end");
        }
        return condition;
    }

    /// Ids of the groups that it asks for, once it is parsed.
    Set<String> sources() {
        return sources;
    }

    private Condition directReports() {
        int begin = next().offset();
        expectWord("Reports");
        expectWord("for");
        Token id = next();
        if (!id.is(Kind.TEXT) && !id.is(Kind.WORD)) {
            throw fault(id, "the object id of the manager");
        }
        return new Condition.DirectReports(textFrom(begin), uuid(id, "the manager"));
    }

    private Condition or(Scope scope) {
        if (++depth > DEPTH_MAX) {
            throw RuleFault.wrong(rule, peek().offset(), "brackets and -not go deeper than " + DEPTH_MAX + " here");
        }
        int begin = peek().offset();
        var parts = new ArrayList<Condition>();
        do {
            parts.add(and(scope));
        } while (skip("or"));
        depth--;
        return parts.size() == 1 ? parts.getFirst() : new Condition.Or(textFrom(begin), List.copyOf(parts));
    }

    private Condition and(Scope scope) {
        int begin = peek().offset();
        var parts = new ArrayList<Condition>();
        do {
            parts.add(not(scope));
        } while (skip("and"));
        return parts.size() == 1 ? parts.getFirst() : new Condition.And(textFrom(begin), List.copyOf(parts));
    }

    private Condition not(Scope scope) {
        int begin = peek().offset();
        if (!skip("not")) {
            return primary(scope);
        }
        if (++depth > DEPTH_MAX) {
            throw RuleFault.wrong(rule, begin, "brackets and -not go deeper than " + DEPTH_MAX + " here");
        }
        Condition part = not(scope);
        depth--;
        return new Condition.Not(textFrom(begin), part);
    }

    private Condition primary(Scope scope) {
        if (peek().is(Kind.OPEN)) {
            return bracketed(scope);
        }
        int begin = peek().offset();
        return switch (scope) {
            case GROUP -> group(begin);
            case USER, ELEMENT -> comparison(begin, property(scope));
        };
    }

    private Condition bracketed(Scope scope) {
        next();
        Condition inner = or(scope);
        if (!peek().is(Kind.CLOSE)) {
            throw fault(peek(), "-and, -or or )");
        }
        next();
        return inner;
    }

    private Property property(Scope scope) {
        Token token = next();
        if (!token.is(Kind.WORD)) {
            throw fault(token, scope.expected);
        }
        String word = token.text();
        if (word.equals("_")) {
            if (scope == Scope.USER) {
                throw RuleFault.wrong(
                        rule,
                        token.offset(),
                        "_ stands for an element of -any or -all only; put everything that is asked of it in one"
                                + " bracket, user.otherMails -any (_ -contains \"a\" -or _ -contains \"b\")");
            }
            return Property.ELEMENT;
        }
        if (scope == Scope.ELEMENT) {
            throw fault(token, scope.expected);
        }
        if (word.toLowerCase(Locale.ROOT).startsWith("device.")) {
            throw RuleFault.wrong(rule, token.offset(), "found '" + word + "': groups have users here, no devices");
        }
        if (!word.startsWith("user.")) {
            throw fault(token, scope.expected);
        }
        String name = word.substring("user.".length());
        return Property.find(name)
                .orElseThrow(() -> RuleFault.wrong(
                        rule,
                        token.offset(),
                        Property.spelling(name)
                                .map(known ->
                                        "found '" + word + "', expected 'user." + known + "': the case of names counts")
                                .orElseGet(() -> "a user has no '" + name + "'; known are " + Property.all()
                                        + ", extensionAttribute1 to 15 and extension_<application's id without"
                                        + " hyphens>_<name>")));
    }

    private Condition comparison(int begin, Property property) {
        Token token = next();
        Operator operator = Operator.of(token).orElseThrow(() -> fault(token, OPERATORS));
        boolean quantifies = operator == Operator.ANY || operator == Operator.ALL;
        if (property.type() == Property.Type.GROUPS) {
            if (operator != Operator.ANY) {
                throw RuleFault.wrong(
                        rule,
                        token.offset(),
                        "found '" + token.text()
                                + "', expected -any: user.memberOf -any (group.objectId -in [\"id\"])");
            }
            return peek().is(Kind.OPEN) ? bracketed(Scope.GROUP) : or(Scope.GROUP);
        }
        if (quantifies) {
            if (property.type() != Property.Type.COLLECTION) {
                throw unfit(token, operator, property);
            }
            Condition inner = peek().is(Kind.OPEN) ? bracketed(Scope.ELEMENT) : or(Scope.ELEMENT);
            return new Condition.EveryOrSome(textFrom(begin), property, operator == Operator.ALL, inner);
        }
        if (peek().isWord("null")) {
            if (operator != Operator.EQ && operator != Operator.NE) {
                throw fault(peek(), "a value; null is for -eq and -ne");
            }
            next();
            return new Condition.Missing(textFrom(begin), property, operator.negative());
        }
        if (property.type() == Property.Type.DATE) {
            return date(begin, property, operator, token);
        }
        Predicate<String> asked = property.type() == Property.Type.BOOLEAN
                ? flag(property, operator, token)
                : text(property, operator, token);
        return new Condition.Compare(textFrom(begin), property, asked, operator.negative());
    }

    private Predicate<String> flag(Property property, Operator operator, Token written) {
        if (operator != Operator.EQ && operator != Operator.NE) {
            throw unfit(written, operator, property);
        }
        Token value = next();
        boolean known = value.text().equalsIgnoreCase("true") || value.text().equalsIgnoreCase("false");
        if (!known || !(value.is(Kind.WORD) || value.is(Kind.TEXT))) {
            throw fault(value, "true, false or null");
        }
        return Comparing.equal(value.text());
    }

    private Predicate<String> text(Property property, Operator operator, Token written) {
        return switch (operator) {
            case EQ, NE -> Comparing.equal(quoted());
            case STARTS_WITH, NOT_STARTS_WITH -> Comparing.starts(quoted());
            case ENDS_WITH, NOT_ENDS_WITH -> Comparing.ends(quoted());
            case CONTAINS, NOT_CONTAINS -> Comparing.contains(quoted());
            case IN, NOT_IN -> Comparing.in(list());
            case MATCH, NOT_MATCH -> pattern();
            case LE, GE, ANY, ALL -> throw unfit(written, operator, property);
        };
    }

    private Predicate<String> pattern() {
        int begin = peek().offset();
        try {
            return Comparing.matches(quoted());
        } catch (RuleFault e) {
            throw e;
        } catch (IllegalArgumentException e) { // of the pattern
            throw RuleFault.wrong(rule, begin, String.valueOf(e.getMessage()));
        }
    }

    private Condition date(int begin, Property property, Operator operator, Token written) {
        if (operator != Operator.LE && operator != Operator.GE && operator != Operator.EQ && operator != Operator.NE) {
            throw unfit(written, operator, property);
        }
        Token value = next();
        if (value.isWord("system.now")) {
            if (operator == Operator.EQ || operator == Operator.NE) {
                throw RuleFault.wrong(
                        rule, written.offset(), "found '" + written.text() + "', expected -le or -ge with system.now");
            }
            Duration fromNow = fromNow();
            return new Condition.ByClock(textFrom(begin), property, operator == Operator.GE, fromNow);
        }
        Instant bound = Optional.of(value)
                .filter(v -> v.is(Kind.TEXT) || v.is(Kind.WORD))
                .flatMap(v -> Dates.read(v.text()))
                .orElseThrow(() ->
                        fault(value, "system.now, null or a date such as \"2027-01-31\" or \"2027-01-31T08:00:00Z\""));
        Predicate<String> asked = text -> Dates.read(text)
                .filter(date -> switch (operator) {
                    case LE -> !date.isAfter(bound);
                    case GE -> !date.isBefore(bound);
                    default -> date.equals(bound);
                })
                .isPresent();
        return new Condition.Compare(textFrom(begin), property, asked, operator.negative());
    }

    private Duration fromNow() {
        boolean minus = peek().isWord("-minus") || peek().isWord("minus");
        boolean plus = peek().isWord("-plus") || peek().isWord("plus");
        if (!minus && !plus) {
            return Duration.ZERO;
        }
        next();
        Token period = next();
        Duration length = Optional.of(period)
                .filter(p -> p.is(Kind.WORD) || p.is(Kind.TEXT))
                .flatMap(p -> Periods.read(p.text()))
                .orElseThrow(
                        () -> fault(period, "a period of weeks, days, hours and minutes such as p1d, p2w or p1dt12h"));
        return minus ? length.negated() : length;
    }

    /// `group.objectId -in ["id"]` or `-eq "id"`, inside `user.memberOf -any`.
    private Condition group(int begin) {
        Token token = next();
        if (!token.isWord("group.objectId")) {
            throw fault(token, Scope.GROUP.expected);
        }
        Token written = next();
        Operator operator = Operator.of(written).orElseThrow(() -> fault(written, "-in or -eq"));
        var ids = new LinkedHashSet<String>();
        if (operator == Operator.IN) {
            expect(Kind.LIST_OPEN, "[");
            do {
                ids.add(uuid(next(), "a group"));
            } while (listGoesOn());
        } else if (operator == Operator.EQ) {
            ids.add(uuid(next(), "a group"));
        } else {
            throw fault(written, "-in or -eq");
        }
        sources.addAll(ids);
        return new Condition.InGroups(textFrom(begin), Set.copyOf(ids));
    }

    private List<String> list() {
        expect(Kind.LIST_OPEN, "a list such as [\"A\",\"B\"]");
        var values = new ArrayList<String>();
        do {
            values.add(quoted());
        } while (listGoesOn());
        return List.copyOf(values);
    }

    private boolean listGoesOn() {
        Token token = next();
        if (!token.is(Kind.COMMA) && !token.is(Kind.LIST_CLOSE)) {
            throw fault(token, ", or ]");
        }
        return token.is(Kind.COMMA);
    }

    private String quoted() {
        Token token = next();
        if (!token.is(Kind.TEXT)) {
            throw fault(token, "a text in quotes");
        }
        return token.text();
    }

    private String uuid(Token token, String of) {
        String id = token.text().toLowerCase(Locale.ROOT);
        try {
            if ((token.is(Kind.TEXT) || token.is(Kind.WORD))
                    && UUID.fromString(id).toString().equals(id)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            throw fault(token, "the object id of " + of);
        }
        throw fault(token, "the object id of " + of);
    }

    private RuleFault unfit(Token written, Operator operator, Property property) {
        return RuleFault.wrong(
                rule,
                written.offset(),
                operator.shown() + " does not fit " + (property.isElement() ? "_" : "user." + property.name()) + ", "
                        + property.type().told() + "; use "
                        + switch (property.type()) {
                            case TEXT ->
                                "-eq, -ne, -startsWith, -endsWith, -contains, -match, -in or one of their -not";
                            case BOOLEAN -> "-eq or -ne";
                            case DATE -> "-le, -ge, -eq or -ne";
                            case COLLECTION ->
                                "-any, -all, -eq, -startsWith, -endsWith, -contains, -match, -in or one of their -not";
                            case GROUPS -> "-any";
                        });
    }

    private RuleFault fault(Token found, String expected) {
        return RuleFault.at(rule, found.offset(), found.told(), expected);
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    private boolean skip(String word) {
        boolean there = peek().isWord("-" + word) || peek().isWord(word);
        if (there) {
            next();
        }
        return there;
    }

    private void expect(Kind kind, String expected) {
        Token token = next();
        if (!token.is(kind)) {
            throw fault(token, expected);
        }
    }

    private void expectWord(String word) {
        Token token = next();
        if (!token.isWord(word)) {
            throw fault(token, "'" + word + "' of Direct Reports for \"id\"");
        }
    }

    private String textFrom(int begin) {
        return rule.substring(begin, tokens.get(at - 1).end());
    }
}
