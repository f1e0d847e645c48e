package io.postern.admin.service;

import java.util.Optional;
import java.util.function.Function;

/// A property in a PATCH: left out, set, or cleared by null.
///
/// @param given the property was there
/// @param value empty for null
public record Edit<T>(boolean given, Optional<T> value) {
    public static <T> Edit<T> none() {
        return new Edit<>(false, Optional.empty());
    }

    public static <T> Edit<T> to(T value) {
        return new Edit<>(true, Optional.of(value));
    }

    public static <T> Edit<T> cleared() {
        return new Edit<>(true, Optional.empty());
    }

    /// For a property that cannot be cleared; the reader of the request refuses null before.
    public T or(T current) {
        return value.orElse(current);
    }

    public Optional<T> orKeep(Optional<T> current) {
        return given ? value : current;
    }

    public <U> Edit<U> map(Function<T, U> change) {
        return new Edit<>(given, value.map(change));
    }
}
