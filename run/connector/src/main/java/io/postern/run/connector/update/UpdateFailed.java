package io.postern.run.connector.update;

/// An update that did not come off; the version before it goes on. The message says why, for the log and for the
/// administrator's list.
final class UpdateFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    UpdateFailed(String message) {
        super(message);
    }

    UpdateFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
