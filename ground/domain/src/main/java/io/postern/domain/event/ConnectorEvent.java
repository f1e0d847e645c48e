package io.postern.domain.event;

import io.postern.domain.ConnectorId;
import io.postern.domain.health.HostReport;
import io.postern.domain.health.Probed;
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

    /// It said how it is. The time is ours.
    record Reported(ConnectorId connector, Instant time, HostReport report) implements ConnectorEvent {}

    /// An application was probed through it.
    record PathProbed(Probed probed) implements ConnectorEvent {
        @Override
        public Instant time() {
            return probed.time();
        }
    }

    record TunnelClosed(ConnectorId connector, Instant time, String reason, int tunnelsLeft)
            implements ConnectorEvent {}

    /// Somebody asked for a tunnel or for a renewal and is no connector of ours, or no more.
    ///
    /// @param certificate what was proved, issued by our authority; empty where none was
    /// @param reason wire name of the tunnel's end, or `untrusted-certificate`
    record Refused(Instant time, String externalAddress, Optional<X509Certificate> certificate, String reason)
            implements ConnectorEvent {}
}
