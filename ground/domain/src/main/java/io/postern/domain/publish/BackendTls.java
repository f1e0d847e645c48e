package io.postern.domain.publish;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// How a connector speaks TLS to a backend (1.11).
///
/// @param validate whether the backend's certificate must be trusted, in time and of the right name (BTLS-1)
/// @param pins SHA-256 of certificates in hex, one of which the backend must show; empty: any that is valid
/// @param serverName to ask for by SNI, and to find in the certificate, instead of the internal URL's host
/// @param clientCertificate name under which the connector keeps the certificate to show the backend
/// @param http2 HTTP/2 where the backend speaks https and chooses it by ALPN
public record BackendTls(
        boolean validate,
        Set<String> pins,
        Optional<String> serverName,
        Optional<String> clientCertificate,
        boolean http2) {
    public static final BackendTls DEFAULT = new BackendTls(true, Set.of(), Optional.empty(), Optional.empty(), true);

    private static final Pattern PIN = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public BackendTls {
        pins = Set.copyOf(pins);
        for (String pin : pins) {
            if (!PIN.matcher(pin).matches()) {
                throw new IllegalArgumentException("backendTls.pinnedCertificates: '" + pin
                        + "' is not a SHA-256 of 64 hexadecimal digits in lower case");
            }
        }
        clientCertificate.filter(name -> !NAME.matcher(name).matches()).ifPresent(name -> {
            throw new IllegalArgumentException("backendTls.clientCertificate '" + name
                    + "' is not a name of letters, digits, dots, dashes and underscores");
        });
    }

    public BackendTls validating(boolean validates) {
        return new BackendTls(validates, pins, serverName, clientCertificate, http2);
    }
}
