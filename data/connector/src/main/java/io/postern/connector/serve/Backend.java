package io.postern.connector.serve;

import java.time.Duration;

/// One place that this connector may reach, as the service published it (tunnel.md §3). The id is
/// derived from the settings, so connections kept under an id never serve other settings.
///
/// @param host name or address literal, without brackets
/// @param firstByte longest wait for the answer's head
/// @param webSocketIdle longest silence of a WebSocket
public record Backend(
        String id,
        boolean isTls,
        String host,
        int port,
        boolean validateCertificate,
        Duration firstByte,
        Duration webSocketIdle) {

    @Override
    public String toString() {
        return (isTls ? "https://" : "http://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
