package io.postern.pki;

/// A certificate that somebody sent cannot be used (DOM-5). The message is a sentence with the remedy.
public final class CertificateRefused extends Exception {
    private static final long serialVersionUID = 1;

    public CertificateRefused(String message) {
        super(message);
    }

    CertificateRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
