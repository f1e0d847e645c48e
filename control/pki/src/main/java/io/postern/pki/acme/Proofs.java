package io.postern.pki.acme;

import io.postern.domain.snapshot.EdgeCertificate;

/// Where the proofs of an order are shown to the world. Each call returns when every gateway shows it.
public interface Proofs {
    /// At `http://HOST/.well-known/acme-challenge/TOKEN`, and on no other host.
    void showText(String host, String token, String text);

    /// To whoever asks for the host with ALPN `acme-tls/1`.
    void showCertificate(String host, EdgeCertificate certificate);

    void hideText(String host, String token);

    void hideCertificate(String host);
}
