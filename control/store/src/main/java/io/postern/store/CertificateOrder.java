package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A standing order of a certificate from an ACME server.
///
/// @param hosts lower case; the first one names it
/// @param problem why the last try failed, with the remedy; else empty
/// @param attempts failed ones since the last success
/// @param due when it is tried next
/// @param certificate the one that the last success brought
public record CertificateOrder(
        TenantId tenant,
        String id,
        List<String> hosts,
        State state,
        String problem,
        int attempts,
        Instant due,
        Optional<String> certificate,
        Instant created) {
    public enum State {
        PENDING,
        VALID,
        FAILED
    }

    public CertificateOrder {
        hosts = List.copyOf(hosts);
    }
}
