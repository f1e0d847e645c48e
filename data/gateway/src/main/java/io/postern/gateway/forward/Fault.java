package io.postern.gateway.forward;

import io.postern.gateway.page.ErrorKind;
import io.postern.tunnel.TunnelFailure;

/// Why an exchange, or one attempt of it, came to nothing (section 6.1).
///
/// @param kind what the user is told
/// @param reason one word for the log, under the id that the user's page shows
/// @param remedy what an administrator can do about it; may be empty
record Fault(ErrorKind kind, String reason, String remedy) {
    static Fault of(ErrorKind kind, String reason) {
        return new Fault(kind, reason, "");
    }

    /// What the connector has reported.
    static Fault of(TunnelFailure failure) {
        return new Fault(kind(failure), failure.wireName(), remedy(failure));
    }

    private static ErrorKind kind(TunnelFailure failure) {
        return switch (failure) {
            case UNKNOWN_BACKEND, DRAINING -> ErrorKind.GATEWAY_TIMEOUT;
            case NOT_PERMITTED, RESOLVE, CONNECT, CONNECT_TIMEOUT, TLS, BACKEND_CLOSED, BACKEND_PROTOCOL ->
                ErrorKind.BAD_GATEWAY;
            case FIRST_BYTE_TIMEOUT -> ErrorKind.BACKEND_TIMEOUT;
            case BUSY -> ErrorKind.OVERLOADED;
        };
    }

    private static String remedy(TunnelFailure failure) {
        return switch (failure) {
            case UNKNOWN_BACKEND ->
                "the connector does not know the application yet, which lasts a second; if not, is it of the"
                        + " application's group?";
            case NOT_PERMITTED ->
                "the connector may not reach this backend: see 'allow' in its connector.yaml, and guarded addresses"
                        + " in its documentation";
            case RESOLVE ->
                "the host of the internal URL does not resolve on the connector's machine: check the name, and DNS"
                        + " there";
            case CONNECT ->
                "nobody answers at the internal URL's host and port: check the URL, the firewall, and whether the"
                        + " application runs";
            case CONNECT_TIMEOUT ->
                "no connection within the connector's 'connect-timeout': a firewall drops packets, or the"
                        + " application's machine is overloaded";
            case TLS ->
                "the backend's certificate is expired, for another name or of an unknown authority: mend it, name its"
                        + " authority in 'trusted-authorities', or turn its validation off for this application";
            case FIRST_BYTE_TIMEOUT ->
                "the application did not answer within its backend timeout: find out why, or set the timeout to Long";
            case BACKEND_CLOSED -> "the application closed the connection before it answered: see its own log";
            case BACKEND_PROTOCOL -> "what answers at the internal URL is not HTTP/1.1: check its scheme and its port";
            case BUSY ->
                "the connector has no connection or no memory left for this: add a connector to the group, or raise"
                        + " 'backend-connections' if the backend can bear more";
            case DRAINING -> "the connector is being stopped and no other serves the application: run two or more";
        };
    }
}
