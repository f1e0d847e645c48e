package io.postern.admin;

import io.postern.base.HostPort;
import io.postern.pki.acme.AcmeSettings;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// What of the world outside is asked by the administration.
///
/// @param dnsServer empty: the machine's own
/// @param acme where certificates are ordered; empty: nowhere
/// @param fetchInternal documents are fetched from, and users provisioned to, internal addresses too
/// @param gallery folder of the operator's own templates; empty: ours only
/// @param tls whose certificates are trusted
public record OutsideSettings(
        Optional<HostPort> dnsServer,
        Optional<AcmeSettings> acme,
        boolean fetchInternal,
        Optional<Path> gallery,
        SSLContext tls) {
    public static final OutsideSettings DEFAULTS = new OutsideSettings(Optional.empty(), Optional.empty());

    /// Without what an operator has to ask for.
    public OutsideSettings(Optional<HostPort> dnsServer, Optional<AcmeSettings> acme) {
        this(dnsServer, acme, false, Optional.empty());
    }

    /// Trusting whom the Java platform trusts.
    public OutsideSettings(
            Optional<HostPort> dnsServer, Optional<AcmeSettings> acme, boolean fetchInternal, Optional<Path> gallery) {
        this(dnsServer, acme, fetchInternal, gallery, platform());
    }

    private static SSLContext platform() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }
}
