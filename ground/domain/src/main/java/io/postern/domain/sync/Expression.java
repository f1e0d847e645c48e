package io.postern.domain.sync;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Where a property comes from: an attribute, a text, or one of a few functions of these. Text form: `mail`,
/// `"Contoso"`,
/// `firstOf(mail, userPrincipalName)`, `lower(mail)`, `upper(c)`, `join(" ", givenName, sn)`.
public sealed interface Expression {
    /// @param name in lower case
    record Attribute(String name) implements Expression {}

    /// A text, whatever the object says.
    record Constant(String text) implements Expression {}

    /// The first that has a value.
    record FirstOf(List<Expression> parts) implements Expression {}

    /// In small letters.
    record Lower(Expression of) implements Expression {}

    /// In capitals.
    record Upper(Expression of) implements Expression {}

    /// Those that have a value, with a text between them.
    record Join(String between, List<Expression> parts) implements Expression {}

    /// @throws IllegalArgumentException with the place, what was found there and what is expected
    static Expression parse(String text) {
        return new ExpressionParser(text).whole();
    }

    /// @param attributes by name in lower case; of several values the first counts
    default Optional<String> value(Map<String, List<String>> attributes) {
        Optional<String> value = switch (this) {
            case Attribute(String name) ->
                attributes.getOrDefault(name, List.of()).stream().findFirst();
            case Constant(String text) -> Optional.of(text);
            case FirstOf(List<Expression> parts) ->
                parts.stream().flatMap(part -> part.value(attributes).stream()).findFirst();
            case Lower(Expression of) -> of.value(attributes).map(v -> v.toLowerCase(Locale.ROOT));
            case Upper(Expression of) -> of.value(attributes).map(v -> v.toUpperCase(Locale.ROOT));
            case Join(String between, List<Expression> parts) ->
                Optional.of(parts.stream()
                        .flatMap(part -> part.value(attributes).stream())
                        .collect(Collectors.joining(between)));
        };
        return value.map(String::strip).filter(v -> !v.isEmpty());
    }

    /// Attributes that it looks at, in lower case.
    default Set<String> attributes() {
        return switch (this) {
            case Attribute(String name) -> Set.of(name);
            case Constant _ -> Set.of();
            case FirstOf(List<Expression> parts) -> all(parts);
            case Lower(Expression of) -> of.attributes();
            case Upper(Expression of) -> of.attributes();
            case Join(String _, List<Expression> parts) -> all(parts);
        };
    }

    private static Set<String> all(List<Expression> parts) {
        return parts.stream()
                .map(Expression::attributes)
                .flatMap(Set::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
