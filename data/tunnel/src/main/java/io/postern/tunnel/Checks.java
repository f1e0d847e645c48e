package io.postern.tunnel;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalLong;

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

    static void count(String field, OptionalLong value) {
        if (value.isPresent()) {
            range(field, value.getAsLong(), 0, Long.MAX_VALUE);
        }
    }

    /// From 0 to `max`; not "not a number", which no comparison would catch.
    static void number(String field, OptionalDouble value, double max) {
        if (value.isPresent() && !(value.getAsDouble() >= 0 && value.getAsDouble() <= max)) {
            throw new IllegalArgumentException(field + " is " + value.getAsDouble() + "; 0 to " + max + " are allowed");
        }
    }

    static void oneOf(String field, String value, String... allowed) {
        if (!Arrays.asList(allowed).contains(value)) {
            throw new IllegalArgumentException(field + " is '" + value + "'; allowed: " + String.join(", ", allowed));
        }
    }
}
