package io.postern.domain.snapshot;

import java.util.Map;

/// What the edge answers to an ACME server while a certificate is on order (RFC 8555 §8.3, RFC 8737).
///
/// @param texts by the token of http-01
/// @param certificates by the host of tls-alpn-01
public record OrderProofs(Map<String, String> texts, Map<String, EdgeCertificate> certificates) {
    public static final OrderProofs NONE = new OrderProofs(Map.of(), Map.of());

    public OrderProofs {
        texts = Map.copyOf(texts);
        certificates = Map.copyOf(certificates);
    }
}
