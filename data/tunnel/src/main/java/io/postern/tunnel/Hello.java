package io.postern.tunnel;

import java.time.Duration;

/// First message on a tunnel, from the gateway (docs/protocol/tunnel.md §2).
///
/// @param node id of the service process; a connector keeps tunnels to each
/// @param connector the id under which the service knows this certificate
/// @param lane number of the gateway's event loop on which this connection lives
/// @param lanes how many there are
public record Hello(
        int protocol, String node, String connector, int lane, int lanes, Duration keepAlive, String serviceVersion) {
    public Hello {
        Checks.text("node", node, 200);
        Checks.text("connector", connector, 200);
        Checks.text("serviceVersion", serviceVersion, 200);
        Checks.range("lanes", lanes, 1, 10_000);
        Checks.range("lane", lane, 0, lanes - 1);
        Checks.range("keepAliveMillis", keepAlive.toMillis(), 10, 3_600_000);
    }
}
