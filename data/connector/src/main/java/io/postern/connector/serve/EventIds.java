package io.postern.connector.serve;

import io.postern.tunnel.TunnelFailure;
import org.slf4j.spi.LoggingEventBuilder;

/// Numbers of the Admin log's events, where the original has one for the same thing (docs/operate/logs.md).
final class EventIds {
    /// Of the Session log: as whom the user was signed in at the backend.
    static final int SIGNED_ON = 24029;

    private EventIds() {}

    /// Adds the failure's number, where it has one.
    static LoggingEventBuilder with(TunnelFailure failure, LoggingEventBuilder line) {
        return switch (failure) {
            case TLS, TLS_UNTRUSTED, TLS_EXPIRED, TLS_NAME, TLS_PIN, TLS_CLIENT_CERTIFICATE ->
                line.addKeyValue("event", 13001);
            case RESOLVE, CONNECT, CONNECT_TIMEOUT -> line.addKeyValue("event", 13006);
            case FIRST_BYTE_TIMEOUT -> line.addKeyValue("event", 13007);
            case SIGN_ON_REFUSED -> line.addKeyValue("event", 13022);
            default -> line;
        };
    }
}
