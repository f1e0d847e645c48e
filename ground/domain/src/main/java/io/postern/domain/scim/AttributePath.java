package io.postern.domain.scim;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of an attribute, as requests write it: `userName`, `name.givenName`, or with the schema before it
/// (RFC 7644 §3.10).
public record AttributePath(Optional<String> schema, String attribute, Optional<String> part) {
    private static final String WORD = "(\\$?[A-Za-z][A-Za-z0-9_$-]*)";
    private static final Pattern NAME = Pattern.compile("(?:(urn:[^\\[\\]\"() ]+):)?" + WORD + "(?:\\." + WORD + ")?");

    /// Empty when the text cannot be one.
    public static Optional<AttributePath> parse(String text) {
        Matcher name = NAME.matcher(text);
        return name.matches()
                ? Optional.of(new AttributePath(
                        Optional.ofNullable(name.group(1)), name.group(2), Optional.ofNullable(name.group(3))))
                : Optional.empty();
    }

    /// `emails[type eq "work"]` and then `value`: the part stands behind the bracket.
    AttributePath with(Optional<String> behind) {
        return new AttributePath(schema, attribute, behind);
    }

    @Override
    public String toString() {
        return schema.map(s -> s + ":").orElse("")
                + attribute
                + part.map(p -> "." + p).orElse("");
    }
}
