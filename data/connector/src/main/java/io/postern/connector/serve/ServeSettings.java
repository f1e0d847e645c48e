package io.postern.connector.serve;

import io.postern.net.dial.ProxyChoice;
import java.time.Duration;

/// What the connector's own file says about reaching backends.
///
/// @param allow which addresses may be connected to
/// @param proxies the HTTP proxy in front of backends; none unless the file names one (PRX)
/// @param connectTimeout for TCP and TLS together, over all addresses of a name
/// @param idleTimeout how long an unused connection is kept when the backend does not tell
/// @param idleConnections kept at most, for each backend and event loop
/// @param connections open at most to each backend, WebSockets aside, over all event loops
/// @param waiting requests that wait for one of those, at most and at most for `connectTimeout`; others are refused
public record ServeSettings(
        AllowList allow,
        ProxyChoice proxies,
        Duration connectTimeout,
        Duration idleTimeout,
        int idleConnections,
        int connections,
        int waiting) {
    /// Connections are kept through a busy spell, because dialling one per request costs more than the request.
    public static ServeSettings defaults() {
        return new ServeSettings(
                AllowList.absent(),
                ProxyChoice.none(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                1_024,
                2_000,
                1_000);
    }
}
