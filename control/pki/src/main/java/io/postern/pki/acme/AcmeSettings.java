package io.postern.pki.acme;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The certificate authority of the operator's choice.
///
/// @param directory the ACME server's
/// @param contact mail address that it may write to
/// @param authority PEM file to trust when talking to it, in place of the system's authorities: for a private one
/// @param way how it finds out that a host is ours
/// @param hook run for [Way#DNS] as `HOOK add|remove NAME TEXT`; it makes and removes the TXT record
public record AcmeSettings(
        URI directory, Optional<String> contact, Optional<Path> authority, Way way, Optional<Path> hook) {
    /// In the words of RFC 8555 and RFC 8737.
    public enum Way {
        HTTP("http-01"),
        TLS_ALPN("tls-alpn-01"),
        DNS("dns-01");

        private final String type;

        Way(String type) {
            this.type = type;
        }

        public String type() {
            return type;
        }

        public static Way of(String type) {
            return List.of(values()).stream()
                    .filter(way -> way.type.equals(type))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "'" + type + "' is unknown; use http-01, tls-alpn-01 or dns-01"));
        }
    }
}
