package io.postern.store;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Optional;

/// What a client proves itself with at the token endpoint: a secret, kept as a hash, or a certificate whose
/// private key signs assertions.
///
/// @param fingerprint SHA-256 in lower-case hex: of the secret's text, or of the certificate's DER
/// @param hint first characters of the secret, or the certificate's subject: what people tell it by
/// @param certificate DER in base64, of a certificate only
/// @param expires exclusive
public record ClientCredential(
        TenantId tenant,
        String id,
        ObjectId application,
        Kind kind,
        String displayName,
        String fingerprint,
        String hint,
        Optional<String> certificate,
        Instant starts,
        Instant expires) {
    public enum Kind {
        SECRET,
        CERTIFICATE
    }

    public boolean holds(Instant now) {
        return !now.isBefore(starts) && now.isBefore(expires);
    }
}
