package io.postern.domain.claims;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/// A pattern that an administrator wrote. The engine is RE2: its time grows with pattern and input only, so no pattern
/// of one tenant's administrator can hold up the others. What it cannot do (look-around, back-references) is refused
/// when the rule is written.
public final class SafePattern {
    /// Longest input; a longer one counts as no match.
    static final int INPUT_MAX = 1024;

    /// Longest pattern.
    static final int LENGTH_MAX = 512;

    private static final int REPETITIONS_MAX = 1000;
    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("\\{(\\d+)(?:,(\\d*))?\\}");
    static final java.util.regex.Pattern DOTNET_GROUP = java.util.regex.Pattern.compile("\\(\\?'(\\w+)'");

    private final Pattern compiled;

    private SafePattern(Pattern compiled) {
        this.compiled = compiled;
    }

    /// @throws ClaimsFault when it cannot be
    static SafePattern of(String pattern) {
        return of(pattern, 0);
    }

    /// The same, with large and small letters alike.
    ///
    /// @throws ClaimsFault when it cannot be
    public static SafePattern ofAnyCase(String pattern) {
        return of(pattern, Pattern.CASE_INSENSITIVE);
    }

    /// Whether it matches somewhere.
    public boolean isIn(String input) {
        return input.length() <= INPUT_MAX && compiled.matcher(input).find();
    }

    Matcher matcher(String input) {
        return compiled.matcher(input);
    }

    int groupCount() {
        return compiled.groupCount();
    }

    private static SafePattern of(String pattern, int flags) {
        if (pattern.isEmpty() || pattern.length() > LENGTH_MAX) {
            throw new ClaimsFault(
                    "pattern", "the pattern has " + pattern.length() + " characters; it may have 1 to " + LENGTH_MAX);
        }
        // nested repetitions multiply the compiled pattern, which RE2 bounds one by one only
        long product = 1;
        java.util.regex.Matcher repetition = REPETITION.matcher(pattern);
        while (repetition.find()) {
            String upper = repetition.group(2);
            String count = upper == null || upper.isEmpty() ? repetition.group(1) : upper;
            product *= count.length() > 4 ? REPETITIONS_MAX + 1L : Math.max(1, Long.parseLong(count));
            if (product > REPETITIONS_MAX) {
                throw new ClaimsFault(
                        "pattern",
                        "the counts in '" + pattern + "' multiply to more than " + REPETITIONS_MAX
                                + "; use + or * in place of large {n}");
            }
        }
        try {
            return new SafePattern(Pattern.compile(DOTNET_GROUP.matcher(pattern).replaceAll("(?P<$1>"), flags));
        } catch (PatternSyntaxException e) {
            throw new ClaimsFault(
                    "pattern",
                    "the pattern '" + pattern + "' cannot be used: " + e.getDescription()
                            + "; look-around and back-references are not known here, the rest is RE2 syntax");
        }
    }
}
