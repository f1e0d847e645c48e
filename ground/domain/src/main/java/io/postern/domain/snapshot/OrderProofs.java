package io.postern.domain.snapshot;

import java.util.Map;
import java.util.Optional;

/// What the edge answers to an ACME server while a certificate is on order (RFC 8555 §8.3, RFC 8737).
///
/// @param texts by the [#place] of http-01
/// @param certificates by the host of tls-alpn-01
public record OrderProofs(Map<String, String> texts, Map<String, EdgeCertificate> certificates) {
    public static final OrderProofs NONE = new OrderProofs(Map.of(), Map.of());

    public OrderProofs {
        texts = Map.copyOf(texts);
        certificates = Map.copyOf(certificates);
    }

    /// A token answers on the host that it was ordered for, and on no other.
    ///
    /// @param host canonical
    public static String place(String host, String token) {
        return host + "/" + token;
    }

    /// @param host canonical
    public Optional<String> text(String host, String token) {
        return Optional.ofNullable(texts.get(place(host, token)));
    }
}
