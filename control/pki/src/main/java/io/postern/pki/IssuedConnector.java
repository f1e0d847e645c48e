package io.postern.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;

/// A connector's new certificate.
///
/// @param fingerprint SHA-256 of the certificate in DER, lower-case hex
/// @param keyHash SHA-256 of its public key in DER, lower-case hex: tells a request that comes again
/// @param certificatePem the leaf alone
/// @param authorityPem the connectors' authority
public record IssuedConnector(
        X509Certificate certificate,
        String fingerprint,
        String keyHash,
        Instant expires,
        String certificatePem,
        String authorityPem) {}
