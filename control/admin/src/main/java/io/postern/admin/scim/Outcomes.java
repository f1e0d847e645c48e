package io.postern.admin.scim;

import io.postern.base.Outcome;
import io.postern.domain.scim.ScimFault;
import java.util.List;
import java.util.stream.Collectors;

/// The one place where outcomes become faults of SCIM.
final class Outcomes {
    private Outcomes() {}

    /// The value of an outcome that is done; every other ending is thrown.
    static <T> T expectDone(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.NotFound<T>(String what) -> throw ScimFault.of(404, what);
            case Outcome.Conflict<T>(String why) -> throw ScimFault.uniqueness(spelt(why));
            case Outcome.Forbidden<T>(String why) -> throw ScimFault.of(403, why);
            case Outcome.Invalid<T>(List<Outcome.Violation> violations) ->
                throw ScimFault.value(violations.stream()
                        .map(Outcome.Violation::message)
                        .map(Outcomes::spelt)
                        .collect(Collectors.joining("; ")));
        };
    }

    /// As SCIM calls it.
    private static String spelt(String message) {
        return message.replace("userPrincipalName", "userName");
    }
}
