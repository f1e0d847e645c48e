package io.postern.gateway.exchange;

import io.postern.domain.snapshot.EdgeCertificate;
import java.util.Optional;

/// What is known of the connection that a request came on.
///
/// @param address of the client, without a port; behind a trusted proxy what that proxy says
/// @param certificate the one that was presented; empty where any host is good (plain test listeners)
/// @param enrolling the handshake was that of a connector which registers: only that door is open
public record Connection(String address, Optional<EdgeCertificate> certificate, boolean enrolling) {
    /// Whether the certificate presented on this connection is good for a canonical host.
    public boolean covers(String host) {
        return certificate.isEmpty() || certificate.get().covers(host);
    }
}
