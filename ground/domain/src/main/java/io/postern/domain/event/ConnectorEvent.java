package io.postern.domain.event;

import io.postern.domain.ConnectorId;
import java.time.Instant;

/// What the gateway sees of a connector.
public sealed interface ConnectorEvent {
    ConnectorId connector();

    Instant time();

    /// A tunnel is registered and serving.
    record TunnelOpened(ConnectorId connector, Instant time, String externalAddress, String machineName, String version)
            implements ConnectorEvent {}

    record TunnelClosed(ConnectorId connector, Instant time, String reason, int tunnelsLeft)
            implements ConnectorEvent {}
}
