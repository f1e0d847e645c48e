package io.postern.connector.serve;

import io.postern.net.PinnedAuthority;
import io.postern.net.ServerJudge;
import io.postern.tunnel.TunnelFailure;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Decides about a backend's certificate (BTLS-1), and tells what is wrong with it. A pin is compared with the leaf
/// only: nothing else in a chain is proven by whoever shows it.
final class BackendTrust extends ServerJudge {
    private final Optional<X509ExtendedTrustManager> authorities;
    private final Set<String> pins;

    /// @param authorities absent: no validation
    BackendTrust(Optional<X509ExtendedTrustManager> authorities, Set<String> pins) {
        this.authorities = authorities;
        this.pins = Set.copyOf(pins);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkPin(chain[0]);
        if (authorities.isPresent()) {
            try {
                authorities.get().checkServerTrusted(chain, authType, engine);
            } catch (CertificateException e) {
                throw named(e, chain[0]);
            }
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("connections to backends are no sockets of the JDK");
    }

    private void checkPin(X509Certificate leaf) throws CertificateException {
        if (pins.isEmpty()) {
            return;
        }
        String shown = PinnedAuthority.fingerprint(leaf);
        if (!pins.contains(shown)) {
            throw new BackendRefused(
                    TunnelFailure.TLS_PIN, "its certificate has SHA-256 " + shown + ", not a pinned one");
        }
    }

    private static BackendRefused named(CertificateException fault, X509Certificate leaf) {
        boolean pathFound = true;
        for (Throwable t = fault; t != null; t = t.getCause()) {
            boolean outOfTime = t instanceof CertificateExpiredException
                    || t instanceof CertificateNotYetValidException
                    || (t instanceof CertPathValidatorException path
                            && path.getReason() == CertPathValidatorException.BasicReason.EXPIRED);
            if (outOfTime) {
                return new BackendRefused(
                        TunnelFailure.TLS_EXPIRED,
                        "its certificate holds from " + leaf.getNotBefore().toInstant() + " to "
                                + leaf.getNotAfter().toInstant() + ", or one above it has run out");
            }
            pathFound &= !(t instanceof GeneralSecurityException) || t instanceof CertificateException;
        }
        // a path that was built and valid leaves only the name; the JDK says so by a bare CertificateException
        boolean name = pathFound && fault.getCause() == null;
        return new BackendRefused(
                name ? TunnelFailure.TLS_NAME : TunnelFailure.TLS_UNTRUSTED,
                name
                        ? String.valueOf(fault.getMessage())
                        : "its certificate, issued by '"
                                + leaf.getIssuerX500Principal().getName()
                                + "', is of no authority that is trusted here");
    }
}
