package io.postern.domain.membership;

import io.postern.domain.claims.SafePattern;
import java.util.List;
import java.util.function.Predicate;

/// What operators ask of one value. Case never counts, and nothing is made anew for it: fifty thousand users are
/// asked in a row.
final class Comparing {
    private Comparing() {}

    static Predicate<String> equal(String wanted) {
        return wanted::equalsIgnoreCase;
    }

    static Predicate<String> starts(String wanted) {
        return value -> value.regionMatches(true, 0, wanted, 0, wanted.length());
    }

    static Predicate<String> ends(String wanted) {
        return value -> value.regionMatches(true, value.length() - wanted.length(), wanted, 0, wanted.length());
    }

    static Predicate<String> contains(String wanted) {
        return value -> {
            for (int from = 0; from + wanted.length() <= value.length(); from++) {
                if (value.regionMatches(true, from, wanted, 0, wanted.length())) {
                    return true;
                }
            }
            return false;
        };
    }

    static Predicate<String> in(List<String> wanted) {
        return value -> wanted.stream().anyMatch(value::equalsIgnoreCase);
    }

    /// @throws IllegalArgumentException when the pattern cannot be
    static Predicate<String> matches(String pattern) {
        return SafePattern.ofAnyCase(pattern)::isIn;
    }
}
