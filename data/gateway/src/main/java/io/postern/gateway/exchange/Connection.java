package io.postern.gateway.exchange;

import io.postern.domain.snapshot.EdgeCertificate;
import java.util.Optional;

/// What is known of the connection that a request came on.
///
/// @param address of the peer, without a port; what the PROXY header says where a trusted proxy sent one
/// @param trustedProxy the peer is a proxy of ours: what it says of its own client is believed
/// @param certificate the one that was presented; empty where any host is good (plain test listeners)
/// @param enrolling the handshake was that of a connector which registers or renews: only that door is open
/// @param connectorCertificate SHA-256 of the certificate of ours that was proved then, lower-case hex
/// @param plain no TLS: nobody signs in here, and nothing but what is published with http is forwarded
public record Connection(
        String address,
        boolean trustedProxy,
        Optional<EdgeCertificate> certificate,
        boolean enrolling,
        Optional<String> connectorCertificate,
        boolean plain) {
    /// One with TLS.
    public Connection(
            String address,
            boolean trustedProxy,
            Optional<EdgeCertificate> certificate,
            boolean enrolling,
            Optional<String> connectorCertificate) {
        this(address, trustedProxy, certificate, enrolling, connectorCertificate, false);
    }

    /// Whether the certificate presented on this connection is good for a canonical host.
    public boolean covers(String host) {
        return certificate.isEmpty() || certificate.get().covers(host);
    }
}
