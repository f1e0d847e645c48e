package io.postern.run.quickstart;

import io.postern.base.Outcome;
import io.postern.run.Fault;
import java.util.stream.Collectors;

/// Turns endings of service calls into what a person at a terminal can use.
final class Answers {
    private Answers() {}

    /// @param what what was tried, for the sentence
    static <T> T done(String what, Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T> done -> done.value();
            case Outcome.NotFound<T> missing -> throw new Fault(what + " failed: there is no " + missing.what());
            case Outcome.Conflict<T> conflict -> throw new Fault(what + " failed: " + conflict.why());
            case Outcome.Forbidden<T> forbidden -> throw new Fault(what + " failed: " + forbidden.why());
            case Outcome.Invalid<T> invalid ->
                throw new Fault(what + " failed: "
                        + invalid.violations().stream()
                                .map(Outcome.Violation::message)
                                .collect(Collectors.joining("; ")));
        };
    }
}
