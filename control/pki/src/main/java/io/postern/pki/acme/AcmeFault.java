package io.postern.pki.acme;

/// An order came to nothing. The message names host, reason and remedy.
public final class AcmeFault extends Exception {
    private static final long serialVersionUID = 1;

    AcmeFault(String message) {
        super(message);
    }

    AcmeFault(String message, Throwable cause) {
        super(message, cause);
    }
}
