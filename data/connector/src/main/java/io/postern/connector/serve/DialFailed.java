package io.postern.connector.serve;

import io.postern.tunnel.TunnelFailure;

/// Why no connection to a backend came about. Carries no stack trace: it is an expected ending.
final class DialFailed extends Exception {
    private static final long serialVersionUID = 1;

    private final TunnelFailure failure;
    private final String why;

    /// @param why for logs and administrators, never for clients: it holds inner addresses
    DialFailed(TunnelFailure failure, String why) {
        super(why, null, false, false);
        this.failure = failure;
        this.why = why;
    }

    String why() {
        return why;
    }

    TunnelFailure failure() {
        return failure;
    }
}
