package io.postern.admin.notice;

import io.postern.base.HostPort;
import io.postern.base.Secret;
import java.nio.file.Path;
import java.util.Optional;

/// The operator's mail server, which takes what we send.
///
/// @param user empty: it takes mail from us without a password
/// @param from address that notices come from
/// @param authority PEM file; by default the authorities that the Java platform trusts
public record MailServer(
        HostPort address,
        Security security,
        Optional<String> user,
        Optional<Secret> password,
        String from,
        Optional<Path> authority) {
    public enum Security {
        /// In the clear at first, then TLS; without TLS nothing is sent.
        STARTTLS,
        /// From the first byte.
        TLS,
        /// In the clear: for a server on the same machine.
        NONE
    }
}
