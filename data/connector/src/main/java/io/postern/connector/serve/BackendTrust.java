package io.postern.connector.serve;

import io.postern.tunnel.TunnelFailure;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Decides about a backend's certificate (BTLS-1), and tells what is wrong with it. A pin is compared with the leaf
/// only: nothing else in a chain is proven by whoever shows it.
final class BackendTrust extends X509ExtendedTrustManager {
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

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("the name of a backend is part of the question");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("backends are no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("backends are no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("backends are no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private void checkPin(X509Certificate leaf) throws CertificateException {
        if (pins.isEmpty()) {
            return;
        }
        String shown = fingerprint(leaf);
        if (!pins.contains(shown)) {
            throw new BackendRefused(
                    TunnelFailure.TLS_PIN, "its certificate has SHA-256 " + shown + ", not a pinned one");
        }
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new CertificateException("its certificate cannot be read", e);
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
