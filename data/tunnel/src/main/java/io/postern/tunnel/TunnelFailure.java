package io.postern.tunnel;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Why a connector answered an exchange itself (docs/protocol/tunnel.md §4). Metric label and log key
/// are the wire name.
public enum TunnelFailure {
    UNKNOWN_BACKEND("unknown-backend", 421, Scope.TUNNEL),
    NOT_PERMITTED("not-permitted", 403, Scope.CONNECTOR),
    RESOLVE("resolve", 502, Scope.CONNECTOR),
    CONNECT("connect", 502, Scope.CONNECTOR),
    CONNECT_TIMEOUT("connect-timeout", 504, Scope.CONNECTOR),
    /// The handshake failed for another reason than the five below.
    TLS("tls", 502, Scope.CONNECTOR),
    /// Of an authority that the connector does not trust, or of none.
    TLS_UNTRUSTED("tls-untrusted", 502, Scope.CONNECTOR),
    /// Expired, or not valid yet.
    TLS_EXPIRED("tls-expired", 502, Scope.CONNECTOR),
    /// For another name.
    TLS_NAME("tls-name", 502, Scope.CONNECTOR),
    /// Not one of those that are pinned.
    TLS_PIN("tls-pin", 502, Scope.CONNECTOR),
    /// The backend refuses ours or demands one, or the connector has none of the name that is published.
    TLS_CLIENT_CERTIFICATE("tls-client-certificate", 502, Scope.CONNECTOR),
    FIRST_BYTE_TIMEOUT("first-byte-timeout", 504, Scope.BACKEND),
    BACKEND_CLOSED("backend-closed", 502, Scope.BACKEND),
    BACKEND_PROTOCOL("backend-protocol", 502, Scope.BACKEND),
    BUSY("busy", 503, Scope.CONNECTOR),
    DRAINING("draining", 503, Scope.TUNNEL),
    /// The domain or the backend does not let this user be signed in.
    SIGN_ON_USER("sign-on-user", 403, Scope.BACKEND),
    /// The connector cannot sign users in as it is set up; another of the group may.
    SIGN_ON_CONFIGURATION("sign-on-configuration", 502, Scope.CONNECTOR),
    /// What it needs for that does not answer.
    SIGN_ON_UNREACHABLE("sign-on-unreachable", 504, Scope.CONNECTOR),
    /// More users wait for it than may.
    SIGN_ON_BUSY("sign-on-busy", 503, Scope.CONNECTOR),
    /// The backend took the request and answered 401 to the user's proof.
    SIGN_ON_REFUSED("sign-on-refused", 403, Scope.BACKEND);

    /// Whose failure it is, so who might do better.
    public enum Scope {
        /// No byte reached the backend; another tunnel may do.
        TUNNEL,
        /// No byte reached the backend; another connector may do, since it stands elsewhere and has other limits.
        CONNECTOR,
        /// The backend's own: every connector would meet the same, and it may have acted on the request.
        BACKEND
    }

    private static final Map<String, TunnelFailure> BY_WIRE_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(TunnelFailure::wireName, Function.identity()));

    private final String wireName;
    private final int status;
    private final Scope scope;

    TunnelFailure(String wireName, int status, Scope scope) {
        this.wireName = wireName;
        this.status = status;
        this.scope = scope;
    }

    /// @return empty for a reason of a later version: treat it as a bad gateway, not to be retried
    public static Optional<TunnelFailure> of(CharSequence wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName.toString()));
    }

    public String wireName() {
        return wireName;
    }

    /// The HTTP status of the connector's answer.
    public int status() {
        return status;
    }

    public Scope scope() {
        return scope;
    }
}
