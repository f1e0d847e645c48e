package io.postern.admin.graph;

import io.postern.base.Outcome;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AdminRole;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A call that ends without success: status, OData code and what to tell the caller. The one place where
/// outcomes become statuses.
final class GraphFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final transient List<Outcome.Violation> violations;

    private GraphFault(int status, String code, String message, List<Outcome.Violation> violations) {
        super(message, null, false, false); // expected: no stack trace
        this.status = status;
        this.code = code;
        this.violations = violations;
    }

    static GraphFault of(int status, String message) {
        String code = switch (status) {
            case 400 -> "Request_BadRequest";
            case 401 -> "InvalidAuthenticationToken";
            case 403 -> "Authorization_RequestDenied";
            case 404 -> "Request_ResourceNotFound";
            case 405 -> "Request_MethodNotAllowed";
            case 409 -> "Request_Conflict";
            case 413 -> "Request_EntityTooLarge";
            case 415 -> "Request_UnsupportedMediaType";
            case 429 -> "TooManyRequests";
            case 503 -> "ServiceUnavailable";
            default -> "InternalServerError";
        };
        return new GraphFault(status, code, message, List.of());
    }

    /// @param needed one of these would do
    static GraphFault mayNot(String who, Set<Action> needed) {
        return mayNot(who, needed, Optional.empty());
    }

    /// @param owned whose owner may too
    static GraphFault mayNot(String who, Set<Action> needed, Optional<String> owned) {
        String remedy = needed.equals(Set.of(Action.OWN))
                ? "the token of a user"
                : "one of the roles "
                        + AdminRole.inOrder().stream()
                                .filter(role -> needed.stream().anyMatch(role.actions()::contains))
                                .map(AdminRole::displayName)
                                .collect(Collectors.joining(", "));
        return of(
                403,
                "'" + who + "' may not do this; it needs " + remedy
                        + owned.map(what -> ", or to own the " + what).orElse(""));
    }

    static GraphFault invalid(List<Outcome.Violation> violations) {
        String message = String.join(
                "; ", violations.stream().map(Outcome.Violation::message).toList());
        return new GraphFault(400, "Request_BadRequest", message, List.copyOf(violations));
    }

    static GraphFault invalid(String field, String message) {
        return invalid(List.of(new Outcome.Violation(field, message)));
    }

    /// The value of an outcome that is done; every other ending is thrown.
    static <T> T expectDone(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.NotFound<T>(String what) -> throw of(404, what);
            case Outcome.Conflict<T>(String why) -> throw of(409, why);
            case Outcome.Forbidden<T>(String why) -> throw of(403, why);
            case Outcome.Invalid<T>(List<Outcome.Violation> violations) -> throw invalid(violations);
        };
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    List<Outcome.Violation> violations() {
        return violations;
    }
}
