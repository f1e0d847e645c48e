package io.postern.pki;

/// A certificate request that is not granted. The message may be shown to whoever sent it.
public final class CsrRefused extends Exception {
    private static final long serialVersionUID = 1;

    public CsrRefused(String message) {
        super(message);
    }
}
