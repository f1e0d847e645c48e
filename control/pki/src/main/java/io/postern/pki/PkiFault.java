package io.postern.pki;

/// A key file or certificate that cannot be used. The message names the file or record and the remedy.
public final class PkiFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    public PkiFault(String message) {
        super(message);
    }

    public PkiFault(String message, Throwable cause) {
        super(message, cause);
    }
}
