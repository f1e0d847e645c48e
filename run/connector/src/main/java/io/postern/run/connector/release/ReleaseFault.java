package io.postern.run.connector.release;

/// A release that is not used, or cannot be made. The message is one sentence: what, which value, what to do.
public final class ReleaseFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ReleaseFault(String message) {
        super(message);
    }

    public ReleaseFault(String message, Throwable cause) {
        super(message, cause);
    }
}
