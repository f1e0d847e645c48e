package io.postern.connector.serve;

import io.postern.tunnel.TunnelFailure;
import java.security.cert.CertificateException;

/// A backend's certificate is not accepted, and why.
final class BackendRefused extends CertificateException {
    private static final long serialVersionUID = 1;

    private final TunnelFailure failure;

    BackendRefused(TunnelFailure failure, String why) {
        super(why);
        this.failure = failure;
    }

    TunnelFailure failure() {
        return failure;
    }
}
