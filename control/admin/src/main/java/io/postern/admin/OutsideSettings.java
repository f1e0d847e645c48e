package io.postern.admin;

import io.postern.base.HostPort;
import io.postern.pki.acme.AcmeSettings;
import java.util.Optional;

/// What of the world outside is asked by the administration.
///
/// @param dnsServer empty: the machine's own
/// @param acme where certificates are ordered; empty: nowhere
public record OutsideSettings(Optional<HostPort> dnsServer, Optional<AcmeSettings> acme) {
    public static final OutsideSettings DEFAULTS = new OutsideSettings(Optional.empty(), Optional.empty());
}
