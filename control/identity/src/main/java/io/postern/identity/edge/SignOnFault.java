package io.postern.identity.edge;

import io.postern.domain.event.Cause;

/// Why a user cannot be signed on at an application.
final class SignOnFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final Cause cause;

    /// @param detail names the thing, the value and the remedy; for logs
    SignOnFault(Cause cause, String detail) {
        super(detail);
        this.cause = cause;
    }

    Cause why() {
        return cause;
    }
}
