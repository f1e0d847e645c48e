package io.postern.web;

/// The request cannot be read. The message may be shown to the client. Answered with `status`.
public final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    public BadRequest(String message) {
        this(400, message);
    }

    public BadRequest(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
