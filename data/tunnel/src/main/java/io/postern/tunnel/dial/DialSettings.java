package io.postern.tunnel.dial;

import io.postern.tunnel.TunnelProtocol;
import java.time.Duration;

/// @param helloTimeout the gateway must have said hello by then, counted from the TLS handshake
/// @param streamsMax exchanges served at once on one tunnel
public record DialSettings(Duration helloTimeout, int streamsMax) {
    public static final DialSettings DEFAULT = new DialSettings(Duration.ofSeconds(15), TunnelProtocol.STREAMS_MAX);
}
