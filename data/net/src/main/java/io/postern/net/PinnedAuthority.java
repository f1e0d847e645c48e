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
        return anchoredAt(authority);
    }

    /// @param sha256 of the authority's certificate in DER, hex; the server must send that certificate in
    ///     its chain
    public static TrustManager ofFingerprint(String sha256) {
        String expected = sha256.toLowerCase(Locale.ROOT);
        if (!expected.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "'" + sha256 + "' is not the SHA-256 of a certificate: 64 hex digits are needed");
        }
        return new ByFingerprint(expected);
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

    private static final class ByFingerprint extends X509ExtendedTrustManager {
        private final String expected;

        ByFingerprint(String expected) {
            this.expected = expected;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            anchor(chain).checkServerTrusted(chain, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            anchor(chain).checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            // without the connection the host name cannot be checked
            throw new CertificateException("the connection's peer name is not known here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("clients are not judged by a fingerprint");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("clients are not judged by a fingerprint");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("clients are not judged by a fingerprint");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }

        private X509ExtendedTrustManager anchor(X509Certificate[] chain) throws CertificateException {
            for (X509Certificate certificate : chain) {
                // a leaf is not an authority, even when somebody's token names its fingerprint
                if (certificate.getBasicConstraints() >= 0
                        && fingerprint(certificate).equals(expected)) {
                    return anchoredAt(certificate);
                }
            }
            throw new CertificateException(
                    "the server's chain does not hold the authority " + expected + " that the enrolment token names");
        }
    }
}
