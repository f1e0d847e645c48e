package io.postern.tunnel;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Why a connector answered an exchange itself (docs/protocol/tunnel.md §4). Metric label and log key
/// are the wire name.
public enum TunnelFailure {
    UNKNOWN_BACKEND("unknown-backend", 421, true, true),
    NOT_PERMITTED("not-permitted", 403, true, false),
    RESOLVE("resolve", 502, true, false),
    CONNECT("connect", 502, true, false),
    CONNECT_TIMEOUT("connect-timeout", 504, true, false),
    TLS("tls", 502, true, false),
    FIRST_BYTE_TIMEOUT("first-byte-timeout", 504, false, false),
    BACKEND_CLOSED("backend-closed", 502, false, false),
    BACKEND_PROTOCOL("backend-protocol", 502, false, false),
    BUSY("busy", 503, true, true),
    DRAINING("draining", 503, true, true);

    private static final Map<String, TunnelFailure> BY_WIRE_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(TunnelFailure::wireName, Function.identity()));

    private final String wireName;
    private final int status;
    private final boolean nothingReachedBackend;
    private final boolean retryable;

    TunnelFailure(String wireName, int status, boolean nothingReachedBackend, boolean retryable) {
        this.wireName = wireName;
        this.status = status;
        this.nothingReachedBackend = nothingReachedBackend;
        this.retryable = retryable;
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

    /// No byte of the request went to the backend, so any method may be tried elsewhere.
    public boolean nothingReachedBackend() {
        return nothingReachedBackend;
    }

    /// Another tunnel may well succeed; the gateway may try one, once per tunnel, while it still holds
    /// the whole request.
    public boolean retryable() {
        return retryable;
    }
}
