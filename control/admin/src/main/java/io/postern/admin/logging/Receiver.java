package io.postern.admin.logging;

import io.postern.base.HostPort;
import io.postern.base.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// Where logs are sent.
public sealed interface Receiver {
    /// Names it in the database, in metrics and in our own log: no secret is in it.
    String name();

    enum Transport {
        UDP,
        TCP,
        TLS
    }

    /// RFC 5424.
    ///
    /// @param authority PEM file; by default the authorities that the Java platform trusts
    record Syslog(Transport transport, HostPort address, Optional<Path> authority) implements Receiver {
        @Override
        public String name() {
            return switch (transport) {
                case UDP -> "syslog+udp://" + address;
                case TCP -> "syslog+tcp://" + address;
                case TLS -> "syslog+tls://" + address;
            };
        }
    }

    /// POST of JSON.
    ///
    /// @param url https
    /// @param secret signs what is sent
    /// @param authority as above
    record Webhook(URI url, Secret secret, Optional<Path> authority) implements Receiver {
        @Override
        public String name() {
            return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
        }
    }
}
