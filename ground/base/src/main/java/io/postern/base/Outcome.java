package io.postern.base;

import java.util.List;
import java.util.function.Function;

/// What a service call came to. Expected endings are values; an exception means a bug or an outage.
public sealed interface Outcome<T> {
    record Done<T>(T value) implements Outcome<T> {}

    record NotFound<T>(String what) implements Outcome<T> {}

    record Conflict<T>(String why) implements Outcome<T> {}

    record Invalid<T>(List<Violation> violations) implements Outcome<T> {
        public Invalid {
            violations = List.copyOf(violations);
        }
    }

    record Forbidden<T>(String why) implements Outcome<T> {}

    /// One fault in what was sent.
    ///
    /// @param field the property or option at fault, as the caller spells it
    /// @param message one sentence that names the value and the remedy
    record Violation(String field, String message) {}

    /// What comes next when this one is done; every other ending stays what it is.
    default <U> Outcome<U> then(Function<? super T, Outcome<U>> next) {
        return switch (this) {
            case Done<T>(T value) -> next.apply(value);
            case NotFound<T>(String what) -> new NotFound<>(what);
            case Conflict<T>(String why) -> new Conflict<>(why);
            case Invalid<T>(List<Violation> violations) -> new Invalid<>(violations);
            case Forbidden<T>(String why) -> new Forbidden<>(why);
        };
    }

    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Outcome<T> invalid(String field, String message) {
        return new Invalid<>(List.of(new Violation(field, message)));
    }
}
