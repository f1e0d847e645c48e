package io.postern.saml.xml;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/// A private key and the certificate that others know it by.
public record SigningKey(PrivateKey key, X509Certificate certificate) {
    /// Never the key.
    @Override
    public String toString() {
        return "SigningKey[" + certificate.getSerialNumber().toString(16) + "]";
    }
}
