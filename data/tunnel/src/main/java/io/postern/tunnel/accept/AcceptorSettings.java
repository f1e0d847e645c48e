package io.postern.tunnel.accept;

import java.time.Duration;

/// @param node id of this service process, told to connectors
/// @param keepAlive PING after so long without a byte, dead after twice that
/// @param controlTimeout a connector that has not answered a control message by then is closed
/// @param streamsPerTunnelMax after so many a tunnel is drained, so that the connector dials a fresh one;
///     HTTP/2 has 2³⁰ ids for the client
public record AcceptorSettings(
        String node, String serviceVersion, Duration keepAlive, Duration controlTimeout, int streamsPerTunnelMax) {
    /// A connector that is silent is given up within 8 s, so with room within the 10 s that are promised.
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(4);

    public AcceptorSettings {
        if (streamsPerTunnelMax < 1 || streamsPerTunnelMax > 1 << 29) {
            throw new IllegalArgumentException(
                    "streamsPerTunnelMax is " + streamsPerTunnelMax + "; 1 to " + (1 << 29) + " are allowed");
        }
    }

    public static AcceptorSettings of(String node, String serviceVersion) {
        return new AcceptorSettings(node, serviceVersion, KEEP_ALIVE, Duration.ofSeconds(10), 1 << 29);
    }
}
