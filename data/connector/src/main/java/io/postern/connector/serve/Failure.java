package io.postern.connector.serve;

/// Why the connector itself answered a stream (tunnel.md §4). The reason is the wire value, the metric
/// label and the log key.
enum Failure {
    UNKNOWN_BACKEND("unknown-backend", 421),
    NOT_PERMITTED("not-permitted", 403),
    RESOLVE("resolve", 502),
    CONNECT("connect", 502),
    CONNECT_TIMEOUT("connect-timeout", 504),
    TLS("tls", 502),
    FIRST_BYTE_TIMEOUT("first-byte-timeout", 504),
    BACKEND_CLOSED("backend-closed", 502),
    BACKEND_PROTOCOL("backend-protocol", 502),
    DRAINING("draining", 503);

    private final String reason;
    private final int status;

    Failure(String reason, int status) {
        this.reason = reason;
        this.status = status;
    }

    String reason() {
        return reason;
    }

    int status() {
        return status;
    }
}
