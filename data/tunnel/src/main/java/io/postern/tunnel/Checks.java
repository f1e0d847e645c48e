package io.postern.tunnel;

import java.util.Arrays;

/// Bounds of what a peer may say; every message names the field, the value and what is allowed.
final class Checks {
    private Checks() {}

    /// Not empty, not longer than `max` characters, printable: it will stand in logs and on pages.
    static void text(String field, String value, int max) {
        if (value.isEmpty() || value.length() > max) {
            throw new IllegalArgumentException(
                    field + " has " + value.length() + " characters; 1 to " + max + " are allowed");
        }
        if (!value.codePoints().noneMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(field + " holds control characters");
        }
    }

    static void range(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " is " + value + "; " + min + " to " + max + " are allowed");
        }
    }

    static void oneOf(String field, String value, String... allowed) {
        if (!Arrays.asList(allowed).contains(value)) {
            throw new IllegalArgumentException(field + " is '" + value + "'; allowed: " + String.join(", ", allowed));
        }
    }
}
