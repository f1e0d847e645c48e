package io.postern.identity.access;

import io.postern.identity.protocol.Fault;

/// What came of the question whether a user may use an application.
public sealed interface Decision {
    record Permit() implements Decision {}

    /// Only with a second factor, which the session lacks.
    record NeedsMfa() implements Decision {}

    /// Only after proving again who he is.
    record NeedsFreshSignIn() implements Decision {}

    /// Whatever he proves.
    record Denied(Fault fault) implements Decision {}
}
