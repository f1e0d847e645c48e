package io.postern.tunnel;

import java.time.Duration;

/// One backend that a connector may reach (docs/protocol/tunnel.md §3).
///
/// @param id derived from the other settings by the service
/// @param scheme `http` or `https`
/// @param host name or address literal, without brackets
/// @param firstByte time limit from the request's end to the first byte of the response head
/// @param webSocketIdle a WebSocket that carries nothing for so long is closed
public record BackendSettings(
        String id,
        String scheme,
        String host,
        int port,
        boolean validateCertificate,
        Duration firstByte,
        Duration webSocketIdle) {
    public BackendSettings {
        Checks.text("id", id, 100);
        Checks.oneOf("scheme", scheme, "http", "https");
        Checks.text("host", host, 253);
        Checks.range("port", port, 1, 65_535);
        Checks.range("firstByteMillis", firstByte.toMillis(), 1, 86_400_000);
        Checks.range("webSocketIdleMillis", webSocketIdle.toMillis(), 1, 7 * 86_400_000L);
    }
}
