package io.postern.gateway.edge;

import io.postern.gateway.page.ErrorKind;

/// A request that is refused before anybody looks at what it asks for: it has no reading, or several.
/// Without a stack trace: strangers cause it.
final class Malformed extends RuntimeException {
    private final ErrorKind kind;

    /// @param why for our log and metrics, never for the client
    Malformed(ErrorKind kind, String why) {
        super(why, null, false, false);
        this.kind = kind;
    }

    Malformed(String why) {
        this(ErrorKind.BAD_REQUEST, why);
    }

    ErrorKind kind() {
        return kind;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
