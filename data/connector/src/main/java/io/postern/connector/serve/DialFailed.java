package io.postern.connector.serve;

/// Why no connection to a backend came about. Carries no stack trace: it is an expected ending.
final class DialFailed extends Exception {
    private static final long serialVersionUID = 1;

    private final Failure failure;

    /// @param why for this process's log only; holds inner addresses
    DialFailed(Failure failure, String why) {
        super(why, null, false, false);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
