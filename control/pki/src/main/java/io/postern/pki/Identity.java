package io.postern.pki;

import io.postern.domain.snapshot.EdgeCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/// A certificate chain, leaf first, and the leaf's private key.
record Identity(List<X509Certificate> chain, PrivateKey key) {
    Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity needs a certificate");
        }
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    Instant expires() {
        return certificate().getNotAfter().toInstant();
    }

    /// Less than a third of its life is left.
    boolean isDue(Instant now) {
        Duration life = Duration.between(certificate().getNotBefore().toInstant(), expires());
        return now.isAfter(expires().minus(life.dividedBy(3)));
    }

    EdgeCertificate toEdge(List<String> hosts) {
        return new EdgeCertificate(hosts, chain, key);
    }

    byte[] toPem() {
        return (chain.stream().map(Pem::of).collect(Collectors.joining()) + Pem.of(key))
                .getBytes(StandardCharsets.US_ASCII);
    }

    static Identity ofPem(byte[] pem) throws CertificateException, IOException {
        String text = new String(pem, StandardCharsets.US_ASCII);
        return new Identity(Pem.certificates(text), Pem.privateKey(text));
    }

    @Override
    public String toString() {
        return "Identity[" + certificate().getSubjectX500Principal() + "]";
    }
}
