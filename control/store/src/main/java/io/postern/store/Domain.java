package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Optional;

/// A name of the tenant's own, outside the base domain, with all names below it (DOM-4).
///
/// @param name lower case
/// @param proof what the TXT record must say
/// @param automatic certificates for published names are ordered without being asked
/// @param verified empty until the record was seen
public record Domain(
        TenantId tenant, String name, String proof, boolean automatic, Optional<Instant> verified, Instant created) {

    /// The name itself or one below it.
    public boolean contains(String host) {
        return host.equals(name) || host.endsWith("." + name);
    }
}
