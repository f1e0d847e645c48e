package io.postern.tunnel;

/// A control message that cannot be read; the sentence says what is wrong and is fit for a log.
public final class MalformedMessage extends Exception {
    private static final long serialVersionUID = 1;

    MalformedMessage(String what, Throwable cause) {
        super(what, cause);
    }

    MalformedMessage(String what) {
        super(what);
    }
}
