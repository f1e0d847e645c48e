package io.postern.pki;

import io.postern.domain.snapshot.EdgeCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Certificates that the operator brings along as PEM files, and brings anew from time to time.
/// Thread-safe.
public final class OperatorCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorCertificates.class);

    /// @param chain PEM certificates, leaf first
    /// @param key PEM private key of the leaf, not encrypted
    public record Files(Path chain, Path key) {}

    /// What tells one version of a pair of files from another.
    private record Stamp(List<String> marks) {}

    private record Loaded(Files files, Stamp stamp, EdgeCertificate certificate) {}

    private final Clock clock;
    private volatile List<Loaded> loaded;
    private volatile List<Stamp> refused = List.of(); // logged already

    private OperatorCertificates(List<Loaded> loaded, Clock clock) {
        this.loaded = loaded;
        this.clock = clock;
    }

    /// @throws PkiFault naming the file, what is wrong and the remedy
    public static OperatorCertificates open(List<Files> files, Clock clock) {
        var loaded = new ArrayList<Loaded>();
        for (Files each : files) {
            Stamp stamp = stamp(each).orElse(new Stamp(List.of()));
            loaded.add(new Loaded(each, stamp, OperatorCertificate.read(each, clock.instant())));
        }
        return new OperatorCertificates(List.copyOf(loaded), clock);
    }

    /// As last read without a fault, in the order of the configuration.
    public List<EdgeCertificate> certificates() {
        return loaded.stream().map(Loaded::certificate).toList();
    }

    /// Looks for changed files; cheap when nothing changed. A file that cannot be used leaves the certificate in
    /// force, is logged once, and is looked at again with the next call.
    ///
    /// @return true when [#certificates()] changed: publish a new snapshot
    public synchronized boolean reload() {
        var next = new ArrayList<Loaded>();
        var faulty = new ArrayList<Stamp>();
        boolean changed = false;
        for (Loaded each : loaded) {
            // taken before reading: a change in between is found by the next call
            Stamp stamp = stamp(each.files()).orElse(each.stamp());
            if (stamp.equals(each.stamp())) {
                next.add(each);
                continue;
            }
            try {
                next.add(new Loaded(each.files(), stamp, OperatorCertificate.read(each.files(), clock.instant())));
                LOG.info("certificate {} was read anew", each.files().chain());
                changed = true;
            } catch (PkiFault e) {
                faulty.add(stamp);
                if (!refused.contains(stamp)) {
                    LOG.error("the certificate in force stays: {}", e.getMessage());
                }
                next.add(each);
            }
        }
        refused = List.copyOf(faulty);
        loaded = List.copyOf(next);
        return changed;
    }

    /// Empty while a file is away, as when it is being replaced.
    private static Optional<Stamp> stamp(Files files) {
        try {
            return Optional.of(new Stamp(List.of(mark(files.chain()), mark(files.key()))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String mark(Path file) throws IOException {
        var attributes = java.nio.file.Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.fileKey() + " " + attributes.size() + " " + attributes.lastModifiedTime();
    }
}
