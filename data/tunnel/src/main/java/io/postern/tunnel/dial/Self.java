package io.postern.tunnel.dial;

import io.postern.tunnel.ConnectorStatus;
import io.postern.tunnel.HelloAnswer;
import java.time.Instant;

/// What the connector says of itself. Asked on loops; must not block.
@FunctionalInterface
public interface Self {
    /// At each hello.
    HelloAnswer hello();

    /// Each time the gateway asks how it is.
    default ConnectorStatus status() {
        return new ConnectorStatus(
                Instant.now(),
                ConnectorStatus.Host.unknown(Runtime.getRuntime().availableProcessors()),
                ConnectorStatus.Work.NONE);
    }
}
