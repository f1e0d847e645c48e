package io.postern.gateway.page;

/// The catalogue of what a user may be told (section 6.1). The reason in detail stands in the log,
/// under the exchange id that the page shows.
public enum ErrorKind {
    BAD_REQUEST(400, "Bad Request"),
    UNAUTHORIZED(401, "Unauthorized"),
    SIGN_IN_FAILED(400, "Sign-in Failed"),
    SIGN_IN_EXPIRED(400, "Sign-in Expired"),
    SIGN_IN_ELSEWHERE(400, "Sign-in Started Elsewhere"),
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    REQUEST_TIMEOUT(408, "Request Timeout"),
    PAYLOAD_TOO_LARGE(413, "Content Too Large"),
    URI_TOO_LONG(414, "URI Too Long"),
    MISDIRECTED(421, "Misdirected Request"),
    TOO_MANY_REQUESTS(429, "Too Many Requests"),
    HEADERS_TOO_LARGE(431, "Request Header Fields Too Large"),
    INTERNAL(500, "Internal Server Error"),
    NOT_IMPLEMENTED(501, "Not Implemented"),
    BAD_GATEWAY(502, "Bad Gateway"),
    UNAVAILABLE(503, "Service Unavailable"),
    GATEWAY_TIMEOUT(504, "Gateway Timeout"),
    BACKEND_TIMEOUT(504, "Backend Timeout");

    private final int status;
    private final String text;

    ErrorKind(int status, String text) {
        this.status = status;
        this.text = text;
    }

    public int status() {
        return status;
    }

    /// The status text as users and support see it.
    public String text() {
        return text;
    }

    /// Value of the access event and metric label.
    public String outcome() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
