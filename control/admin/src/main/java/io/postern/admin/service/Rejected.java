package io.postern.admin.service;

import io.postern.base.Outcome;
import java.util.List;
import java.util.Optional;

/// Ends a transaction without effect; [Ledger] turns it back into the outcome that it carries. Never
/// leaves this package.
final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Outcome<?> outcome;

    private Rejected(Outcome<?> outcome) {
        super(outcome.toString(), null, false, false); // expected: no stack trace
        this.outcome = outcome;
    }

    static Rejected notFound(String kind, Object id) {
        return new Rejected(new Outcome.NotFound<>("there is no " + kind + " '" + id + "'"));
    }

    /// For a row that must be there but is not looked at.
    static void unless(Optional<?> row, String kind, Object id) {
        if (row.isEmpty()) {
            throw notFound(kind, id);
        }
    }

    static Rejected conflict(String why) {
        return new Rejected(new Outcome.Conflict<>(why));
    }

    static Rejected forbidden(String why) {
        return new Rejected(new Outcome.Forbidden<>(why));
    }

    static Rejected invalid(String field, String message) {
        return new Rejected(Outcome.invalid(field, message));
    }

    static Rejected invalid(List<Outcome.Violation> violations) {
        return new Rejected(new Outcome.Invalid<>(violations));
    }

    /// It holds no value, so it is an outcome of every type.
    @SuppressWarnings("unchecked")
    <T> Outcome<T> outcome() {
        return (Outcome<T>) outcome;
    }
}
