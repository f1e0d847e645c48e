package io.postern.gateway.page;

import io.postern.domain.event.Cause;
import java.util.Locale;

/// The catalogue of what a user may be told (section 6.1), in the words of [Texts]. The reason in detail stands
/// in the log, under the exchange id that the page shows: nothing here names anything inside.
public enum ErrorKind {
    BAD_REQUEST(400),
    UNAUTHORIZED(401),
    SIGN_IN_FAILED(400),
    SIGN_IN_EXPIRED(400),
    SIGN_IN_ELSEWHERE(400),
    FORBIDDEN(403),
    NO_ACCOUNT(403),
    SIGN_IN_DENIED(403),
    APP_DISABLED(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    REQUEST_TIMEOUT(408),
    PAYLOAD_TOO_LARGE(413),
    URI_TOO_LONG(414),
    MISDIRECTED(421),
    MAINTENANCE(503),
    TOO_MANY_REQUESTS(429),
    HEADERS_TOO_LARGE(431),
    INTERNAL(500),
    NOT_IMPLEMENTED(501),
    BAD_GATEWAY(502),
    CONNECTOR_LOST(502),
    UNAVAILABLE(503),
    OVERLOADED(503),
    GATEWAY_TIMEOUT(504),
    BACKEND_TIMEOUT(504);

    private final int status;

    ErrorKind(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }

    /// True where the same request may well succeed later.
    boolean isPassing() {
        return switch (this) {
            case REQUEST_TIMEOUT,
                    MAINTENANCE,
                    TOO_MANY_REQUESTS,
                    INTERNAL,
                    BAD_GATEWAY,
                    CONNECTOR_LOST,
                    UNAVAILABLE,
                    OVERLOADED,
                    GATEWAY_TIMEOUT,
                    BACKEND_TIMEOUT -> true;
            case BAD_REQUEST,
                    UNAUTHORIZED,
                    SIGN_IN_FAILED,
                    SIGN_IN_EXPIRED,
                    SIGN_IN_ELSEWHERE,
                    FORBIDDEN,
                    NO_ACCOUNT,
                    SIGN_IN_DENIED,
                    APP_DISABLED,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    PAYLOAD_TOO_LARGE,
                    URI_TOO_LONG,
                    MISDIRECTED,
                    HEADERS_TOO_LARGE,
                    NOT_IMPLEMENTED -> false;
        };
    }

    /// What users are told of a cause.
    public static ErrorKind of(Cause cause) {
        return switch (cause) {
            case MALFORMED_REQUEST, COOKIE_TWICE, TOKEN_TWICE -> BAD_REQUEST;
            case SLOW_REQUEST, CLIENT_GONE, CLIENT_STALLED, HTTP1_REQUIRED -> REQUEST_TIMEOUT;
            case LONG_TARGET -> URI_TOO_LONG;
            case LARGE_HEAD -> HEADERS_TOO_LARGE;
            case METHOD_NOT_ALLOWED -> METHOD_NOT_ALLOWED;
            case NOT_IMPLEMENTED -> NOT_IMPLEMENTED;
            case PAYLOAD_TOO_LARGE -> PAYLOAD_TOO_LARGE;
            case MISDIRECTED -> MISDIRECTED;
            case NOTHING_PUBLISHED, RESERVED_PATH -> NOT_FOUND;
            case MAINTENANCE -> MAINTENANCE;
            case SIGN_IN_REQUIRED, INVALID_TOKEN -> UNAUTHORIZED;
            case STATE_UNREADABLE, SIGN_IN_REFUSED, CODE_REFUSED, SIGN_IN_CIRCLE -> SIGN_IN_FAILED;
            case STATE_EXPIRED, STATE_USED -> SIGN_IN_EXPIRED;
            case STATE_FOREIGN -> SIGN_IN_ELSEWHERE;
            case ACCESS_DENIED -> SIGN_IN_DENIED;
            case APPLICATION_DISABLED -> APP_DISABLED;
            case NOT_ASSIGNED, WRONG_TENANT, FOREIGN_ORIGIN, REVOKED, SESSION_EXPIRED -> FORBIDDEN;
            case SIGN_ON_NO_IDENTITY,
                    SIGN_ON_NO_PASSWORD,
                    SIGN_ON_UNSAYABLE,
                    SIGN_ON_NO_TOKEN,
                    SIGN_ON_USER,
                    SIGN_ON_REFUSED -> NO_ACCOUNT;
            case APPLICATION_RATE, TENANT_RATE -> TOO_MANY_REQUESTS;
            case OVERLOADED, TUNNELS_FULL, BUSY, SIGN_ON_BUSY -> OVERLOADED;
            case NO_CONNECTOR, NOT_SERVED, UNKNOWN_BACKEND, DRAINING, SIGN_ON_UNREACHABLE -> GATEWAY_TIMEOUT;
            case CONNECTOR_LOST -> CONNECTOR_LOST;
            case SIGN_IN_UNREACHABLE, UPSTREAM_SHORT_OF_MEMORY, DOOR_CLOSED -> UNAVAILABLE;
            case UPSTREAM_PROTOCOL,
                    MALFORMED_STATUS,
                    BODY_BEFORE_HEAD,
                    MALFORMED_CONTENT_ENCODING,
                    UNKNOWN_FAILURE,
                    DOOR_LOST,
                    NOT_PERMITTED,
                    RESOLVE,
                    CONNECT,
                    CONNECT_TIMEOUT,
                    TLS,
                    TLS_UNTRUSTED,
                    TLS_EXPIRED,
                    TLS_NAME,
                    TLS_PIN,
                    TLS_CLIENT_CERTIFICATE,
                    BACKEND_CLOSED,
                    BACKEND_PROTOCOL,
                    SIGN_ON_CONFIGURATION -> BAD_GATEWAY;
            case FIRST_BYTE_TIMEOUT -> BACKEND_TIMEOUT;
            case INTERNAL -> INTERNAL;
        };
    }

    /// Value of the access event and metric label.
    public String outcome() {
        return name().toLowerCase(Locale.ROOT);
    }
}
