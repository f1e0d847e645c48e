package io.postern.admin.service;

import io.postern.base.Secret;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.pki.CertificateRefused;
import io.postern.pki.ServerCertificates;
import java.time.Instant;
import java.util.Base64;

/// A certificate as it was sent, not yet judged.
public sealed interface CertificateUpload {
    /// @throws CertificateRefused naming what is wrong with it (DOM-5)
    EdgeCertificate judged(Instant now) throws CertificateRefused;

    /// PKCS#12 in base64.
    record Pfx(Secret content, Secret password) implements CertificateUpload {
        @Override
        public EdgeCertificate judged(Instant now) throws CertificateRefused {
            byte[] pfx;
            try {
                pfx = Base64.getMimeDecoder().decode(content.reveal());
            } catch (IllegalArgumentException e) {
                throw new CertificateRefused("a PFX is sent in base64; this is not (" + e.getMessage() + ")");
            }
            return ServerCertificates.pfx(pfx, password, now);
        }
    }

    /// @param chain the server's certificate first; may hold the key as well
    record Pem(String chain, Secret key) implements CertificateUpload {
        @Override
        public EdgeCertificate judged(Instant now) throws CertificateRefused {
            return ServerCertificates.pem(chain, key.reveal(), now);
        }
    }
}
