package io.postern.admin.graph;

import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.domain.snapshot.Snapshot;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// Which certificate the edge shows, by the picture that it has.
final class Presented {
    private Presented() {}

    /// As the edge chooses it: an exact name before a wildcard. Empty for the base domain, whose certificate is the
    /// service's affair.
    static Optional<X509Certificate> of(Snapshot snapshot, String host) {
        String base = snapshot.baseDomain();
        if (host.equals(base) || host.endsWith("." + base)) {
            return Optional.empty();
        }
        return snapshot.certificates().stream()
                .filter(c -> c.hosts().contains(host))
                .findFirst()
                .or(() -> snapshot.certificates().stream()
                        .filter(c -> c.covers(host))
                        .findFirst())
                .map(EdgeCertificate::chain)
                .map(chain -> chain.getFirst());
    }
}
