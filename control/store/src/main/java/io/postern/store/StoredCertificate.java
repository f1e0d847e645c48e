package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;

/// A certificate for custom domains; never changed, only replaced by another.
///
/// @param hosts lower-case names that it is good for
/// @param thumbprint SHA-1 of the leaf, upper-case hex, as administrators compare it
/// @param ordered from an ACME server, by ourselves; else uploaded
/// @param sealed chain and private key, sealed under the id
public record StoredCertificate(
        TenantId tenant,
        String id,
        List<String> hosts,
        String thumbprint,
        String subject,
        String issuer,
        Instant issued,
        Instant expires,
        boolean ordered,
        String sealed,
        Instant created) {
    public StoredCertificate {
        hosts = List.copyOf(hosts);
    }

    @Override
    public String toString() {
        return "StoredCertificate[" + id + " " + hosts + "]";
    }
}
