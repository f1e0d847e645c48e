package io.postern.store;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// With what assertions for one application are signed: RSA, self-signed, made here (3.4.2).
///
/// @param thumbprint SHA-1 of the DER, upper-case hex
/// @param base64 of the certificate's DER
/// @param sealed private key, sealed under the key id
/// @param active the one to sign with, as its administrator said
public record SamlCertificate(
        TenantId tenant,
        AppId application,
        String keyId,
        String displayName,
        String thumbprint,
        String base64,
        String sealed,
        boolean active,
        Instant starts,
        Instant expires,
        Instant created) {
    /// Which of an application's certificates signs now: the active one; when that has expired, the valid one that
    /// lasts longest; and when there is no other, the expired one still, since service providers seldom look at the
    /// end.
    public static Optional<SamlCertificate> inForce(List<SamlCertificate> ofOneApplication, Instant now) {
        Optional<SamlCertificate> active =
                ofOneApplication.stream().filter(SamlCertificate::active).findFirst();
        if (active.filter(certificate -> certificate.isValid(now)).isPresent()) {
            return active;
        }
        return ofOneApplication.stream()
                .filter(certificate -> certificate.isValid(now))
                .max(Comparator.comparing(SamlCertificate::expires))
                .or(() -> active);
    }

    public boolean isValid(Instant now) {
        return !now.isBefore(starts) && now.isBefore(expires);
    }

    public X509Certificate certificate() {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
        } catch (CertificateException e) {
            throw new IllegalStateException("certificate " + keyId + " in the database is damaged", e);
        }
    }

    @Override
    public String toString() {
        return "SamlCertificate[" + keyId + " of " + application + (active ? ", active]" : "]");
    }
}
