package io.postern.gateway.page;

import io.postern.domain.event.Cause;
import java.util.List;
import java.util.Locale;

/// The catalogue of what a user may be told (section 6.1). The reason in detail stands in the log,
/// under the exchange id that the page shows: nothing here names anything inside.
public enum ErrorKind {
    BAD_REQUEST(
            400,
            "Bad Request",
            "This request can’t be handled",
            "The browser sent something that has more than one meaning, so it was not passed on.",
            "Check the address for unusual characters.",
            "Delete this site’s cookies and open the app again."),
    UNAUTHORIZED(
            401,
            "Unauthorized",
            "Please sign in",
            "Nobody is signed in, or the session has ended.",
            "Open the app’s start page and sign in."),
    SIGN_IN_FAILED(
            400,
            "Sign-in Failed",
            "The sign-in could not be completed",
            "What came back from the sign-in page was incomplete or is no longer valid.",
            "Open the app again and sign in once more.",
            "If it happens again, give the details below to your administrator."),
    SIGN_IN_EXPIRED(
            400,
            "Sign-in Expired",
            "This sign-in is over",
            "A sign-in has to be finished within ten minutes and can be used only once.",
            "Start again; you will come back to the page that you wanted."),
    SIGN_IN_ELSEWHERE(
            400,
            "Sign-in Started Elsewhere",
            "This sign-in did not start in this browser",
            "To protect you, a sign-in can only be finished in the browser that started it.",
            "Start again in this browser.",
            "If it happens again, allow cookies for this site."),
    FORBIDDEN(
            403,
            "Forbidden",
            "You don’t have access to this app",
            "The app is there, but it is not open to you.",
            "Ask your administrator to assign you to the app.",
            "Or sign in with another account."),
    SIGN_IN_DENIED(
            403,
            "Forbidden",
            "The sign-in did not let you in",
            "The sign-in page ended without access to the app, or it was cancelled there.",
            "Start again and finish the sign-in.",
            "If it happens again, give the details below to your administrator."),
    APP_DISABLED(
            403,
            "Forbidden",
            "This app is switched off",
            "Nobody can sign in to it at the moment.",
            "Ask your administrator when it will be open again."),
    NOT_FOUND(
            404,
            "Not Found",
            "There is nothing at this address",
            "No app is published here.",
            "Check the address for typing mistakes.",
            "Open the app from your portal instead of an old bookmark."),
    METHOD_NOT_ALLOWED(
            405,
            "Method Not Allowed",
            "This can’t be done here",
            "The address does not take this kind of request.",
            "Open the app’s start page."),
    REQUEST_TIMEOUT(
            408,
            "Request Timeout",
            "The request took too long to arrive",
            "The connection was open, but the request was not complete in time.",
            "Check your network connection and try again."),
    PAYLOAD_TOO_LARGE(
            413,
            "Content Too Large",
            "That is too large to send",
            "What was sent is larger than this address accepts.",
            "Send a smaller file."),
    URI_TOO_LONG(
            414,
            "URI Too Long",
            "This address is too long",
            "The address holds more text than can be handled.",
            "Open the app’s start page and go on from there."),
    MISDIRECTED(
            421,
            "Misdirected Request",
            "This address is not served here",
            "The connection was made for another host name.",
            "Close the browser’s window and open the address again."),
    MAINTENANCE(
            503,
            "Under Maintenance",
            "This app is under maintenance",
            "It is being worked on and will be back. Nobody can use it until then.",
            "Try again later.",
            "Ask your administrator how long it will take."),
    TOO_MANY_REQUESTS(
            429,
            "Too Many Requests",
            "Too many requests",
            "More requests arrived in a short time than are allowed.",
            "Wait a moment, then try again."),
    HEADERS_TOO_LARGE(
            431,
            "Request Header Fields Too Large",
            "The browser sent too much with this request",
            "Usually the cookies of this site have grown too large.",
            "Delete this site’s cookies and open the app again."),
    INTERNAL(
            500,
            "Internal Server Error",
            "Something went wrong on our side",
            "The request was stopped because of a fault in the service.",
            "Try again in a moment.",
            "If it happens again, give the details below to your administrator."),
    NOT_IMPLEMENTED(
            501,
            "Not Implemented",
            "This can’t be done here",
            "The service does not know this kind of request.",
            "Open the app’s start page."),
    BAD_GATEWAY(
            502,
            "Bad Gateway",
            "This app can’t be reached",
            "The app could not be contacted, or its answer could not be used.",
            "Try again in a moment.",
            "If it happens again, give the details below to your administrator, who finds the cause under this id."),
    CONNECTOR_LOST(
            502,
            "Bad Gateway",
            "The connection to this app broke off",
            "The request was on its way when the connection to the app’s network was lost. Nobody knows whether the"
                    + " app still carried it out.",
            "If you sent or changed something, look whether it was done before you send it again.",
            "If it happens again, give the details below to your administrator."),
    UNAVAILABLE(
            503,
            "Service Unavailable",
            "This app can’t be reached right now",
            "The service is starting, stopping or busy.",
            "Try again in a moment."),
    OVERLOADED(
            503,
            "Service Unavailable",
            "Too many people want this at once",
            "More requests are waiting than can be answered in good time, so this one was not taken.",
            "Wait a few seconds, then try again."),
    GATEWAY_TIMEOUT(
            504,
            "Gateway Timeout",
            "This app can’t be reached right now",
            "There is no connection to the network where the app lives.",
            "Try again later.",
            "If it lasts, give the details below to your administrator: a connector has to be running."),
    BACKEND_TIMEOUT(
            504,
            "Backend Timeout",
            "This app takes too long to answer",
            "The app was contacted, but did not answer in time.",
            "Try again later.",
            "If you started something large, ask your administrator whether it needs a longer time limit.");

    private final int status;
    private final String text;
    private final String heading;
    private final String explanation;
    private final String advice; // one line each

    ErrorKind(int status, String text, String heading, String explanation, String... advice) {
        this.status = status;
        this.text = text;
        this.heading = heading;
        this.explanation = explanation;
        this.advice = String.join("\n", advice);
    }

    public int status() {
        return status;
    }

    /// The status text as users and support see it.
    public String text() {
        return text;
    }

    String heading() {
        return heading;
    }

    String explanation() {
        return explanation;
    }

    /// What to do, most promising first.
    List<String> advice() {
        return advice.lines().toList();
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
            case SLOW_REQUEST, CLIENT_GONE, CLIENT_STALLED -> REQUEST_TIMEOUT;
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
            case APPLICATION_RATE, TENANT_RATE -> TOO_MANY_REQUESTS;
            case OVERLOADED, TUNNELS_FULL, BUSY -> OVERLOADED;
            case NO_CONNECTOR, NOT_SERVED, UNKNOWN_BACKEND, DRAINING -> GATEWAY_TIMEOUT;
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
                    BACKEND_PROTOCOL -> BAD_GATEWAY;
            case FIRST_BYTE_TIMEOUT -> BACKEND_TIMEOUT;
            case INTERNAL -> INTERNAL;
        };
    }

    /// Value of the access event and metric label.
    public String outcome() {
        return name().toLowerCase(Locale.ROOT);
    }
}
