package io.postern.domain.event;

import io.postern.domain.ConnectorId;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/// What the gateway sees of connectors.
public sealed interface ConnectorEvent {
    Instant time();

    /// A tunnel is registered and serving.
    ///
    /// @param certificate SHA-256 of the certificate that opened it, lower-case hex
    record TunnelOpened(
            ConnectorId connector,
            Instant time,
            String externalAddress,
            String machineName,
            String version,
            String certificate)
            implements ConnectorEvent {}

    record TunnelClosed(ConnectorId connector, Instant time, String reason, int tunnelsLeft)
            implements ConnectorEvent {}

    /// Somebody asked for a tunnel or for a renewal and is no connector of ours, or no more.
    ///
    /// @param certificate what was proved, issued by our authority; empty where none was
    /// @param reason wire name of the tunnel's end, or `untrusted-certificate`
    record Refused(Instant time, String externalAddress, Optional<X509Certificate> certificate, String reason)
            implements ConnectorEvent {}
}
