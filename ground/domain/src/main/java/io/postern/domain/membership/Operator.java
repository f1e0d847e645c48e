package io.postern.domain.membership;

import java.util.Arrays;
import java.util.Optional;

/// What compares a property with a value.
enum Operator {
    EQ("eq", false),
    NE("ne", true),
    STARTS_WITH("startsWith", false),
    NOT_STARTS_WITH("notStartsWith", true),
    ENDS_WITH("endsWith", false),
    NOT_ENDS_WITH("notEndsWith", true),
    CONTAINS("contains", false),
    NOT_CONTAINS("notContains", true),
    MATCH("match", false),
    NOT_MATCH("notMatch", true),
    IN("in", false),
    NOT_IN("notIn", true),
    LE("le", false),
    GE("ge", false),
    ANY("any", false),
    ALL("all", false);

    private final String word;
    private final boolean negative;

    Operator(String word, boolean negative) {
        this.word = word;
        this.negative = negative;
    }

    /// The opposite of another one: holds where no value does what that one asks, so also where there is no value.
    boolean negative() {
        return negative;
    }

    String shown() {
        return "-" + word;
    }

    /// In any case, with the hyphen or without.
    static Optional<Operator> of(Token token) {
        String text = token.text().startsWith("-") ? token.text().substring(1) : token.text();
        return token.is(Token.Kind.WORD)
                ? Arrays.stream(values())
                        .filter(o -> o.word.equalsIgnoreCase(text))
                        .findFirst()
                : Optional.empty();
    }
}
