package io.postern.domain.claims;

import com.google.re2j.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A [SafePattern] and what is put in place of each match.
public final class RegexReplacement {
    /// Longest input; a longer one counts as no match.
    public static final int INPUT_MAX = SafePattern.INPUT_MAX;
    /// Longest pattern.
    public static final int PATTERN_MAX = SafePattern.LENGTH_MAX;

    private static final java.util.regex.Pattern GROUP = java.util.regex.Pattern.compile("\\(\\?P?<(\\w+)>");

    private final String pattern;
    private final String replacement;
    private final SafePattern compiled;
    private final List<Part> parts;

    private sealed interface Part {
        record Text(String text) implements Part {}

        record Named(String name) implements Part {}

        record Numbered(int group) implements Part {}
    }

    /// @param pattern named groups as `(?<name>...)`, `(?P<name>...)` or `(?'name'...)`
    /// @param replacement `{name}` stands for a named group or one of `others`, `$1` for a numbered group
    /// @param others further names that the replacement may use
    /// @throws ClaimsFault when pattern or replacement cannot be
    public RegexReplacement(String pattern, String replacement, Set<String> others) {
        this.pattern = pattern;
        this.replacement = replacement;
        this.compiled = SafePattern.of(pattern);
        this.parts = parse(replacement, names(pattern), others, compiled.groupCount());
    }

    public String pattern() {
        return pattern;
    }

    public String replacement() {
        return replacement;
    }

    /// @param others values of the further names
    /// @return empty when nothing matches, or the outcome is longer than [Operand#TEXT_MAX]
    Optional<String> apply(String input, Map<String, String> others) {
        if (input.length() > INPUT_MAX) {
            return Optional.empty();
        }
        Matcher matcher = compiled.matcher(input);
        var out = new StringBuilder();
        int from = 0;
        while (matcher.find()) {
            out.append(input, from, matcher.start());
            for (Part part : parts) {
                out.append(
                        switch (part) {
                            case Part.Text(String text) -> text;
                            case Part.Numbered(int group) -> orEmpty(matcher.group(group));
                            case Part.Named(String name) ->
                                others.containsKey(name) ? others.get(name) : orEmpty(matcher.group(name));
                        });
                if (out.length() > Operand.TEXT_MAX) {
                    return Optional.empty();
                }
            }
            from = matcher.end();
        }
        boolean matched = matcher.reset().find();
        return matched ? Optional.of(out.append(input, from, input.length()).toString()) : Optional.empty();
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String group) {
        return group == null ? "" : group;
    }

    private static Set<String> names(String pattern) {
        var names = new TreeSet<String>();
        for (java.util.regex.Pattern form : List.of(SafePattern.DOTNET_GROUP, GROUP)) {
            form.matcher(pattern).results().forEach(found -> names.add(found.group(1)));
        }
        return names;
    }

    private static List<Part> parse(String replacement, Set<String> groups, Set<String> others, int groupCount) {
        if (replacement.length() > PATTERN_MAX) {
            throw new ClaimsFault(
                    "replacement",
                    "the replacement has " + replacement.length() + " characters; " + PATTERN_MAX + " are possible");
        }
        var parts = new ArrayList<Part>();
        var text = new StringBuilder();
        int at = 0;
        while (at < replacement.length()) {
            char c = replacement.charAt(at);
            int close = c == '{' ? replacement.indexOf('}', at) : -1;
            if (close > 0) {
                String name = replacement.substring(at + 1, close);
                if (!groups.contains(name) && !others.contains(name)) {
                    throw new ClaimsFault(
                            "replacement",
                            "{" + name + "} in the replacement is neither a named group of the pattern nor one of the"
                                    + " added attributes; there are " + known(groups, others));
                }
                flush(text, parts);
                parts.add(new Part.Named(name));
                at = close + 1;
            } else if (c == '$' && at + 1 < replacement.length() && Character.isDigit(replacement.charAt(at + 1))) {
                int group = replacement.charAt(at + 1) - '0';
                if (group > groupCount) {
                    throw new ClaimsFault(
                            "replacement",
                            "$" + group + " in the replacement: the pattern has " + groupCount + " groups");
                }
                flush(text, parts);
                parts.add(new Part.Numbered(group));
                at += 2;
            } else {
                text.append(c);
                at++;
            }
        }
        flush(text, parts);
        return List.copyOf(parts);
    }

    private static String known(Set<String> groups, Set<String> others) {
        var all = new TreeSet<>(groups);
        all.addAll(others);
        return all.isEmpty() ? "none" : String.join(", ", all);
    }

    private static void flush(StringBuilder text, List<Part> parts) {
        if (!text.isEmpty()) {
            parts.add(new Part.Text(text.toString()));
            text.setLength(0);
        }
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof RegexReplacement that
                && pattern.equals(that.pattern)
                && replacement.equals(that.replacement)
                && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode() * 31 + replacement.hashCode();
    }

    @Override
    public String toString() {
        return "s/" + pattern + "/" + replacement + "/";
    }
}
