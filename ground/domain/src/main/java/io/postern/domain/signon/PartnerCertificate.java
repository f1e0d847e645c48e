package io.postern.domain.signon;

import io.postern.domain.claims.ClaimsFault;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/// A certificate of the service provider: its public key encrypts assertions for it, or proves its requests.
///
/// @param keyId a UUID
/// @param base64 of the DER
public record PartnerCertificate(String keyId, String displayName, String base64) {
    private static final int BITS_MIN = 2048;
    private static final int TEXT_MAX = 32 * 1024;

    /// Reads PEM, base64 or both with line ends.
    ///
    /// @throws ClaimsFault when it is no X.509 certificate with an RSA key of 2,048 bits
    public static PartnerCertificate parse(String field, String text, String displayName) {
        String base64 = text.replaceAll("-----(BEGIN|END) CERTIFICATE-----", "").replaceAll("\\s", "");
        if (base64.isEmpty() || base64.length() > TEXT_MAX) {
            throw new ClaimsFault(
                    field,
                    "the certificate has " + base64.length() + " characters; write one of PEM or"
                            + " base64 with at most " + TEXT_MAX);
        }
        X509Certificate certificate;
        try {
            certificate = decode(base64);
        } catch (CertificateException | IllegalArgumentException e) {
            throw new ClaimsFault(field, "this is no X.509 certificate in PEM or base64; export it as .cer (Base64)");
        }
        if (!(certificate.getPublicKey() instanceof RSAPublicKey key)
                || key.getModulus().bitLength() < BITS_MIN) {
            throw new ClaimsFault(
                    field,
                    "the certificate '" + certificate.getSubjectX500Principal().getName() + "' has no RSA key of "
                            + BITS_MIN + " bits or more; have the service provider make such a one");
        }
        String name =
                displayName.isBlank() ? certificate.getSubjectX500Principal().getName() : displayName;
        try {
            return new PartnerCertificate(
                    UUID.randomUUID().toString(), name, Base64.getEncoder().encodeToString(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("it was decoded just now", e);
        }
    }

    public X509Certificate certificate() {
        try {
            return decode(base64);
        } catch (CertificateException e) {
            throw new IllegalStateException("it was read when it was set", e);
        }
    }

    /// SHA-1 of the DER, upper-case hex, as administrators compare it.
    public String thumbprint() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1")
                            .digest(Base64.getDecoder().decode(base64)))
                    .toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-1 is part of every Java", e);
        }
    }

    private static X509Certificate decode(String base64) throws CertificateException {
        byte[] der = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}
