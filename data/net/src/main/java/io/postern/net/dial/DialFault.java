package io.postern.net.dial;

import java.io.IOException;

/// Why no TCP connection came about. Carries no stack trace: it is an expected ending. The message names
/// the thing, the address and, for a proxy, the remedy; it never holds a password.
public final class DialFault extends IOException {
    private static final long serialVersionUID = 1;

    public enum Kind {
        /// the target's name does not resolve
        RESOLVE,
        /// refused or unreachable, at every address
        CONNECT,
        /// no answer within the limit
        TIMEOUT,
        /// the proxy cannot be reached, or does not let the connection through
        PROXY
    }

    private final Kind kind;

    DialFault(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
