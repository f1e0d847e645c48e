package io.postern.gateway.forward;

import io.postern.domain.event.Cause;
import io.postern.tunnel.TunnelFailure;

/// What the connector reports, in the words of the catalogue.
final class Failures {
    private Failures() {}

    static Cause cause(TunnelFailure failure) {
        return switch (failure) {
            case UNKNOWN_BACKEND -> Cause.UNKNOWN_BACKEND;
            case NOT_PERMITTED -> Cause.NOT_PERMITTED;
            case RESOLVE -> Cause.RESOLVE;
            case CONNECT -> Cause.CONNECT;
            case CONNECT_TIMEOUT -> Cause.CONNECT_TIMEOUT;
            case TLS -> Cause.TLS;
            case TLS_UNTRUSTED -> Cause.TLS_UNTRUSTED;
            case TLS_EXPIRED -> Cause.TLS_EXPIRED;
            case TLS_NAME -> Cause.TLS_NAME;
            case TLS_PIN -> Cause.TLS_PIN;
            case TLS_CLIENT_CERTIFICATE -> Cause.TLS_CLIENT_CERTIFICATE;
            case FIRST_BYTE_TIMEOUT -> Cause.FIRST_BYTE_TIMEOUT;
            case BACKEND_CLOSED -> Cause.BACKEND_CLOSED;
            case BACKEND_PROTOCOL -> Cause.BACKEND_PROTOCOL;
            case BUSY -> Cause.BUSY;
            case DRAINING -> Cause.DRAINING;
            case SIGN_ON_USER -> Cause.SIGN_ON_USER;
            case SIGN_ON_CONFIGURATION -> Cause.SIGN_ON_CONFIGURATION;
            case SIGN_ON_UNREACHABLE -> Cause.SIGN_ON_UNREACHABLE;
            case SIGN_ON_BUSY -> Cause.SIGN_ON_BUSY;
            case SIGN_ON_REFUSED -> Cause.SIGN_ON_REFUSED;
        };
    }
}
