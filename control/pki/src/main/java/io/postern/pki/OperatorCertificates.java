package io.postern.pki;

import io.postern.domain.snapshot.EdgeCertificate;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// Certificates that the operator brings along as PEM files. Thread-safe.
public final class OperatorCertificates {
    /// @param chain PEM certificates, leaf first
    /// @param key PEM private key of the leaf, not encrypted
    public record Files(Path chain, Path key) {}

    private OperatorCertificates() {}

    /// @throws PkiFault naming the file, what is wrong and the remedy
    public static OperatorCertificates open(List<Files> files, Clock clock) {
        return new OperatorCertificates();
    }

    /// As last read without a fault.
    public List<EdgeCertificate> certificates() {
        return List.of();
    }

    /// Looks for changed files. A file that cannot be used leaves the certificate in force and is logged.
    ///
    /// @return true when [#certificates()] changed: publish a new snapshot
    public boolean reload() {
        return false;
    }
}
