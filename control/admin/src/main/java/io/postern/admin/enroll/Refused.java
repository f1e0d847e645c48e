package io.postern.admin.enroll;

import io.postern.base.Outcome;

/// An answer other than 200, with a sentence for whoever started the connector.
final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    record Kind(int status, String code) {}

    /// What comes once only has come before.
    static final Kind REPLAYED = new Kind(409, "replayed");

    private final int status;
    private final String code;

    Refused(int status, String code, String message) {
        super(message, null, false, false); // expected: no stack trace
        this.status = status;
        this.code = code;
    }

    /// @param unknown for "not found": the token or the certificate opens nothing
    static <T> T expectDone(Outcome<T> outcome, Kind unknown, Kind forbidden, Kind conflict) throws Refused {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.NotFound<T>(String what) -> throw of(unknown, what);
            case Outcome.Forbidden<T>(String why) -> throw of(forbidden, why);
            case Outcome.Conflict<T>(String why) -> throw of(conflict, why);
            case Outcome.Invalid<T>(var violations) ->
                throw new Refused(400, "invalidRequest", violations.getFirst().message());
        };
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    /// Somebody asked for what is not his.
    boolean isAttempt() {
        return status == 401 || code.equals(REPLAYED.code());
    }

    private static Refused of(Kind kind, String message) {
        return new Refused(kind.status(), kind.code(), message);
    }
}
