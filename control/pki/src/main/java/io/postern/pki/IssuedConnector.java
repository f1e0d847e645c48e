package io.postern.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;

/// A connector's new certificate.
///
/// @param fingerprint SHA-256 of the certificate in DER, lower-case hex
/// @param certificatePem the leaf alone
/// @param authorityPem the connectors' authority
public record IssuedConnector(
        X509Certificate certificate, String fingerprint, Instant expires, String certificatePem, String authorityPem) {}
