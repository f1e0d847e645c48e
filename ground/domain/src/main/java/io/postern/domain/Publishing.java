package io.postern.domain;

import java.time.Duration;

/// How an application is published (`onPremisesPublishing`, section 7.1). Only what the product acts on
/// stands here; later settings join with their own capability.
///
/// @param firstByteTimeout time the backend has for the first byte: 85 s default, 180 s long (1.2)
/// @param validateBackendCertificate whether the connector verifies the backend's certificate (BTLS-1)
/// @param translateHost true: backend sees the internal host and response fields are translated back (1.9)
/// @param cookieHttpOnly whether our own cookies carry HttpOnly (default yes: safer than the original's)
/// @param cookiePersistent access cookie survives the browser's end until its expiry (CK-5)
/// @param cookieSameSiteNone SameSite=None instead of Lax for our cookies (CK-1), for framed applications
/// @param webSocketIdle a WebSocket without a byte for this long is closed; 35 min default
public record Publishing(
        ExternalUrl externalUrl,
        InternalUrl internalUrl,
        PreAuthentication preAuthentication,
        Duration firstByteTimeout,
        boolean validateBackendCertificate,
        boolean translateHost,
        boolean cookieHttpOnly,
        boolean cookiePersistent,
        boolean cookieSameSiteNone,
        Duration webSocketIdle) {

    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(85);
    public static final Duration LONG_TIMEOUT = Duration.ofSeconds(180);
    public static final Duration DEFAULT_WEB_SOCKET_IDLE = Duration.ofMinutes(35);

    public Publishing {
        if (preAuthentication == PreAuthentication.POSTERN
                && externalUrl.scheme().equals("http")) {
            externalUrl = new ExternalUrl("https", externalUrl.host(), externalUrl.path()); // PUB-1: https is forced
        }
        if (firstByteTimeout.isNegative() || firstByteTimeout.isZero()) {
            throw new IllegalArgumentException("the backend timeout must be longer than zero");
        }
    }

    public static Publishing of(ExternalUrl external, InternalUrl internal, PreAuthentication preAuthentication) {
        return new Publishing(
                external,
                internal,
                preAuthentication,
                DEFAULT_TIMEOUT,
                true,
                true,
                true,
                false,
                false,
                DEFAULT_WEB_SOCKET_IDLE);
    }
}
