package io.postern.pki;

import io.postern.domain.snapshot.EdgeCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one pair of PEM files and refuses what no browser would accept.
final class OperatorCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorCertificate.class);
    private static final Duration SOON = Duration.ofDays(14);

    private OperatorCertificate() {}

    static EdgeCertificate read(OperatorCertificates.Files files, Instant now) {
        List<X509Certificate> chain = chain(files.chain());
        X509Certificate leaf = chain.getFirst();
        refuseOutOfOrder(files.chain(), chain);
        refuseOutOfDate(files.chain(), leaf, now);
        PrivateKey key = key(files.key());
        if (!belongTogether(leaf.getPublicKey(), key)) {
            throw new PkiFault("private key " + files.key() + " does not belong to certificate " + files.chain()
                    + "; give the key with which it was requested (the certificate must be the first in its file)");
        }
        List<String> hosts = ServerCertificates.hosts(leaf);
        if (hosts.isEmpty()) {
            throw new PkiFault("certificate " + files.chain()
                    + " names no host (subjectAltName); browsers refuse it: request one with DNS names");
        }
        return new EdgeCertificate(hosts, chain, key);
    }

    private static List<X509Certificate> chain(Path file) {
        try {
            List<X509Certificate> chain = Pem.certificates(text(file));
            if (chain.isEmpty()) {
                throw new PkiFault("file " + file + " has no certificate in it; it must be PEM, the server's first,"
                        + " then its issuers");
            }
            return chain;
        } catch (CertificateException e) {
            throw new PkiFault("certificate " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path file) {
        try {
            return Pem.privateKey(text(file));
        } catch (IOException e) {
            throw new PkiFault("private key " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1); // comments may have any encoding
        } catch (IOException e) {
            throw new PkiFault("file " + file + " cannot be read (" + e + "); check the path and its rights", e);
        }
    }

    private static void refuseOutOfOrder(Path file, List<X509Certificate> chain) {
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new PkiFault("certificates in " + file + " are out of order: number " + (i + 1)
                        + " did not issue number " + i + "; put the server's first, then each one's issuer");
            }
        }
    }

    private static void refuseOutOfDate(Path file, X509Certificate leaf, Instant now) {
        Instant end = leaf.getNotAfter().toInstant();
        if (end.isBefore(now)) {
            throw new PkiFault("certificate " + file + " expired on " + end + "; renew it");
        }
        if (leaf.getNotBefore().toInstant().isAfter(now)) {
            throw new PkiFault("certificate " + file + " is not valid before "
                    + leaf.getNotBefore().toInstant() + "; check this machine's clock");
        }
        if (end.isBefore(now.plus(SOON))) {
            LOG.warn("certificate {} expires on {}; renew it", file, end);
        }
    }

    /// By trial: sign with the one, verify with the other.
    static boolean belongTogether(PublicKey publicKey, PrivateKey key) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] text = "belong together".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
