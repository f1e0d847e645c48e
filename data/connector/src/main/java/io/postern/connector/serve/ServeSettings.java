package io.postern.connector.serve;

import java.time.Duration;

/// What the connector's own file says about reaching backends.
///
/// @param allow which addresses may be connected to
/// @param connectTimeout for TCP and TLS together, over all addresses of a name
/// @param idleTimeout how long an unused connection is kept when the backend does not tell
/// @param idleConnections kept at most, for each backend and event loop
public record ServeSettings(AllowList allow, Duration connectTimeout, Duration idleTimeout, int idleConnections) {
    public static ServeSettings defaults() {
        return new ServeSettings(AllowList.absent(), Duration.ofSeconds(5), Duration.ofSeconds(15), 64);
    }
}
