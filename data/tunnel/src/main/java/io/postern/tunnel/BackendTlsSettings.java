package io.postern.tunnel;

import java.util.Optional;
import java.util.Set;

/// How to speak TLS to a backend (docs/protocol/tunnel.md §3).
///
/// @param validate the certificate must be trusted, in time and of the right name
/// @param pins SHA-256 in hex of certificates, one of which the backend must prove; empty: any
/// @param serverName asked for and verified in place of the host
/// @param clientCertificate name under which the connector keeps the certificate to show
/// @param http2 HTTP/2 where the backend chooses it by ALPN; false: HTTP/1.1
public record BackendTlsSettings(
        boolean validate,
        Set<String> pins,
        Optional<String> serverName,
        Optional<String> clientCertificate,
        boolean http2) {
    private static final int PINS_MAX = 64;

    public BackendTlsSettings {
        pins = Set.copyOf(pins);
        Checks.range("pins", pins.size(), 0, PINS_MAX);
        for (String pin : pins) {
            if (!pin.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("a pin is not 64 hexadecimal digits in lower case");
            }
        }
        serverName.ifPresent(name -> Checks.text("serverName", name, 253));
        clientCertificate.ifPresent(name -> Checks.text("clientCertificate", name, 64));
    }

    /// Over HTTP/1.1.
    public BackendTlsSettings(
            boolean validate, Set<String> pins, Optional<String> serverName, Optional<String> clientCertificate) {
        this(validate, pins, serverName, clientCertificate, false);
    }

    public static BackendTlsSettings of(boolean validate) {
        return new BackendTlsSettings(validate, Set.of(), Optional.empty(), Optional.empty());
    }
}
