package io.postern.tunnel;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// One backend that a connector may reach (docs/protocol/tunnel.md §3).
///
/// @param id derived from the other settings by the service
/// @param scheme `http` or `https`
/// @param host name, wildcard (`*.corp`) or address literal, without brackets
/// @param firstByte time limit from the request's end to the first byte of the response head
/// @param webSocketIdle a WebSocket that carries nothing for so long is closed
public record BackendSettings(
        String id,
        String scheme,
        String host,
        int port,
        BackendTlsSettings tls,
        Duration firstByte,
        Duration webSocketIdle) {
    private static final int ID_MAX = 800; // room for the host behind a wildcard's id, and for a user
    private static final Pattern NAME = Pattern.compile("([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)+[a-z0-9_-]{1,63}");

    public BackendSettings {
        Checks.text("id", id, ID_MAX);
        Checks.oneOf("scheme", scheme, "http", "https");
        Checks.text("host", host, 253);
        Checks.range("port", port, 1, 65_535);
        Checks.range("firstByteMillis", firstByte.toMillis(), 1, 86_400_000);
        Checks.range("webSocketIdleMillis", webSocketIdle.toMillis(), 1, 7 * 86_400_000L);
    }

    /// Without anything special about TLS.
    public BackendSettings(
            String id,
            String scheme,
            String host,
            int port,
            boolean validateCertificate,
            Duration firstByte,
            Duration webSocketIdle) {
        this(id, scheme, host, port, BackendTlsSettings.of(validateCertificate), firstByte, webSocketIdle);
    }

    /// Any host below: which one, each request says (§4).
    public boolean isWildcard() {
        return host.startsWith("*");
    }

    /// This backend for one user: connections on which it may remember him, which nobody else may get.
    public BackendSettings as(String user) {
        return new BackendSettings(id + "/as/" + user, scheme, host, port, tls, firstByte, webSocketIdle);
    }

    /// This wildcard's backend as one host. It has connections, limits and a name to verify of its own.
    ///
    /// @return empty where the name is none, or does not lie under the wildcard
    public Optional<BackendSettings> at(String name) {
        boolean isUnder = name.length() <= 253
                && name.length() > host.length() - 1
                && name.endsWith(host.substring(1))
                && NAME.matcher(name).matches();
        return isWildcard() && isUnder
                ? Optional.of(new BackendSettings(id + "/" + name, scheme, name, port, tls, firstByte, webSocketIdle))
                : Optional.empty();
    }
}
