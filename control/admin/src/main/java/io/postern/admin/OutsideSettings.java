package io.postern.admin;

import io.postern.base.HostPort;
import io.postern.pki.acme.AcmeSettings;
import java.nio.file.Path;
import java.util.Optional;

/// What of the world outside is asked by the administration.
///
/// @param dnsServer empty: the machine's own
/// @param acme where certificates are ordered; empty: nowhere
/// @param fetchInternal documents are fetched from internal addresses too
/// @param gallery folder of the operator's own templates; empty: ours only
public record OutsideSettings(
        Optional<HostPort> dnsServer, Optional<AcmeSettings> acme, boolean fetchInternal, Optional<Path> gallery) {
    public static final OutsideSettings DEFAULTS = new OutsideSettings(Optional.empty(), Optional.empty());

    /// Without what an operator has to ask for.
    public OutsideSettings(Optional<HostPort> dnsServer, Optional<AcmeSettings> acme) {
        this(dnsServer, acme, false, Optional.empty());
    }
}
