package io.postern.domain.policy;

/// The answer of policy.
public sealed interface Decision {
    record Permit() implements Decision {}

    /// Sign in (again): nobody is signed in, or the session is void.
    record Challenge(Reason reason) implements Decision {}

    record Deny(Reason reason) implements Decision {}

    /// Why, as metric label and log value.
    enum Reason {
        NO_SESSION,
        EXPIRED,
        REVOKED,
        WRONG_TENANT,
        NOT_ASSIGNED,
        APPLICATION_DISABLED
    }
}
