package io.postern.gateway.edge;

import java.time.Duration;

/// What a stranger may cost us.
///
/// @param connectionsMax open connections of this listener; beyond it new ones are closed at once
/// @param connectionsPerAddressMax the same per client address
/// @param headBytesMax request line and fields; 431 beyond
/// @param headTimeout from the first byte of a head to its last
/// @param idleTimeout connection without an exchange
/// @param stallTimeout an exchange that waits for its client: for more of the request's body, or until enough
///     of the answer is taken to write on
/// @param controlFramesMax PING, SETTINGS, PRIORITY and unknown frames per 10 s of an HTTP/2 connection
public record EdgeLimits(
        int connectionsMax,
        int connectionsPerAddressMax,
        int headBytesMax,
        Duration headTimeout,
        Duration idleTimeout,
        Duration stallTimeout,
        int controlFramesMax) {

    public static final EdgeLimits DEFAULTS = new EdgeLimits(
            20_000,
            2_000, // whole offices come from one address
            64 * 1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            Duration.ofMinutes(2),
            1_000);
}
