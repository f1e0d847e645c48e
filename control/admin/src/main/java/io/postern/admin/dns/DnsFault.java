package io.postern.admin.dns;

/// The name service could not be asked, or did not answer. The message is a sentence with the remedy.
public final class DnsFault extends Exception {
    private static final long serialVersionUID = 1;

    DnsFault(String message, Throwable cause) {
        super(message, cause);
    }
}
