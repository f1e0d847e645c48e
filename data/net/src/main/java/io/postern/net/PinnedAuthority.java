package io.postern.net;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trust in exactly one authority, known by certificate or, before enrolment, by the SHA-256 that the
/// enrolment token carries. The system's trust store has no say. Chains, dates and host names are
/// checked by the JDK's own PKIX code; this class only chooses the anchor.
public final class PinnedAuthority {
    private PinnedAuthority() {}

    public static TrustManager of(X509Certificate authority) {
        return new Judge(chain -> authority);
    }

    /// @param sha256 of the authority's certificate in DER, hex; the server must send that certificate in
    ///     its chain
    public static TrustManager ofFingerprint(String sha256) {
        String expected = sha256.toLowerCase(Locale.ROOT);
        if (!expected.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "'" + sha256 + "' is not the SHA-256 of a certificate: 64 hex digits are needed");
        }
        return new Judge(chain -> {
            for (X509Certificate certificate : chain) {
                // a leaf is not an authority, even when somebody's token names its fingerprint
                if (certificate.getBasicConstraints() >= 0
                        && fingerprint(certificate).equals(expected)) {
                    return certificate;
                }
            }
            throw PeerNotBelieved.foreign(chain);
        });
    }

    /// SHA-256 of the certificate in DER, lower-case hex: the form in which certificates are looked up.
    public static String fingerprint(X509Certificate certificate) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a parsed certificate has no encoding, or no SHA-256 in this JDK", e);
        }
    }

    private static X509ExtendedTrustManager anchoredAt(X509Certificate authority) {
        try {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            anchors.setCertificateEntry("authority", authority);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(anchors);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("the authority's certificate cannot be used: " + e.getMessage(), e);
        }
        throw new IllegalStateException("the JDK has no PKIX trust manager");
    }

    /// Finds the anchor for a chain, or says why there is none.
    private interface Anchor {
        X509Certificate of(X509Certificate[] chain) throws CertificateException;
    }

    private static final class Judge extends ServerJudge {
        private final Anchor anchor;

        Judge(Anchor anchor) {
            this.anchor = anchor;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            X509Certificate authority = anchor.of(chain);
            try {
                anchoredAt(authority).checkServerTrusted(chain, authType, engine);
            } catch (CertificateException e) {
                throw PeerNotBelieved.because(chain, authority, e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            X509Certificate authority = anchor.of(chain);
            try {
                anchoredAt(authority).checkServerTrusted(chain, authType, socket);
            } catch (CertificateException e) {
                throw PeerNotBelieved.because(chain, authority, e);
            }
        }
    }
}
