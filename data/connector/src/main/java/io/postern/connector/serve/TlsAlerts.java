package io.postern.connector.serve;

import io.postern.tunnel.TunnelFailure;
import java.util.Locale;
import javax.net.ssl.SSLException;

/// What a failed handshake came from.
final class TlsAlerts {
    private TlsAlerts() {}

    static TunnelFailure failureOf(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof BackendRefused refused) {
                return refused.failure();
            }
        }
        return isAboutOurCertificate(cause) ? TunnelFailure.TLS_CLIENT_CERTIFICATE : TunnelFailure.TLS;
    }

    /// The backend has sent an alert about the certificate that we showed, or did not show. With TLS 1.3 it comes
    /// when for us the handshake is over.
    static boolean isAboutOurCertificate(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            String said =
                    String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT).replace(' ', '_');
            boolean alert = t instanceof SSLException && said.contains("alert");
            if (alert && (said.contains("certificate") || said.contains("unknown_ca"))) {
                return true;
            }
        }
        return false;
    }
}
