package io.postern.gateway.edge;

import io.postern.domain.event.Cause;

/// A request that is refused before anybody looks at what it asks for: it has no reading, or several.
/// Without a stack trace: strangers cause it.
final class Malformed extends RuntimeException {
    private final Cause cause;

    /// @param why for our log and metrics, never for the client
    Malformed(Cause cause, String why) {
        super(why, null, false, false);
        this.cause = cause;
    }

    Malformed(String why) {
        this(Cause.MALFORMED_REQUEST, why);
    }

    Cause cause() {
        return cause;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
