package io.postern.pki;

import io.postern.base.Secret;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.token.Sealer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Certificates with keys that tenants bring, or have ordered, for their own domains: read, judged (DOM-5), and
/// sealed for the database. Thread-safe; pure but for the randomness of seals.
public final class ServerCertificates {
    /// A PFX with a whole chain is some 10 KiB.
    public static final int BYTES_MAX = 256 * 1024;

    /// Authorities that issue at once may be ahead of us.
    private static final Duration CLOCKS_APART_MAX = Duration.ofMinutes(10);

    private static final int CHAIN_MAX = 10;
    private static final int HOSTS_MAX = 500;
    private static final int RSA_BITS_MIN = 2048;
    private static final int RSA_BITS_MAX = 8192;
    private static final int DNS_NAME = 2; // GeneralName tag, RFC 5280 §4.2.1.6

    private final Sealer sealer;

    ServerCertificates(Sealer sealer) {
        this.sealer = sealer;
    }

    /// Reads PKCS#12: the one private key in it, and its chain.
    ///
    /// @throws CertificateRefused naming what is wrong
    public static EdgeCertificate pfx(byte[] pfx, Secret password, Instant now) throws CertificateRefused {
        refuseSize(pfx.length);
        char[] characters = password.reveal().toCharArray();
        try {
            PfxWork.check(pfx);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(pfx), characters);
            List<String> own = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    own.add(alias); // not opened yet: each costs what its sender wanted
                }
            }
            if (own.size() > 1) {
                throw new CertificateRefused("there are " + own.size()
                        + " private keys in the PFX; export the server's certificate alone, with its key");
            }
            Certificate[] chain = own.isEmpty() ? null : store.getCertificateChain(own.getFirst());
            if (chain == null || !(store.getKey(own.getFirst(), characters) instanceof PrivateKey key)) {
                throw withoutKey();
            }
            var certificates = new ArrayList<X509Certificate>();
            for (Certificate certificate : chain) {
                certificates.add((X509Certificate) certificate);
            }
            return judged(certificates, key, now);
        } catch (IllegalArgumentException e) {
            throw noPfx(e);
        } catch (IOException e) {
            throw e.getCause() instanceof UnrecoverableKeyException || isAboutPassword(e)
                    ? new CertificateRefused(
                            "invalid certificate, possible wrong password: the PFX does not open with the password that"
                                    + " was given; give the one with which it was exported",
                            e)
                    : noPfx(e);
        } catch (GeneralSecurityException e) {
            throw new CertificateRefused(
                    "invalid certificate, possible wrong password: " + e.getMessage()
                            + "; export the PFX anew with its private key",
                    e);
        }
    }

    /// Reads PEM: the server's certificate first, then its issuers; the key in PKCS#8 or the older forms.
    ///
    /// @throws CertificateRefused naming what is wrong
    public static EdgeCertificate pem(String chain, String key, Instant now) throws CertificateRefused {
        refuseSize(chain.length() + key.length());
        try {
            List<X509Certificate> certificates = Pem.certificates(chain);
            if (certificates.isEmpty()) {
                throw new CertificateRefused(
                        "there is no certificate in the PEM text; send the server's certificate, then its issuers");
            }
            if (!key.contains("PRIVATE KEY-----")) {
                throw withoutKey();
            }
            return judged(certificates, Pem.privateKey(key), now);
        } catch (CertificateException | IOException e) {
            throw new CertificateRefused("invalid certificate: the PEM text cannot be read: " + e.getMessage(), e);
        }
    }

    /// What an authority sent for an order of ours.
    ///
    /// @throws CertificateRefused naming what is wrong
    public static EdgeCertificate issued(List<X509Certificate> chain, PrivateKey key, Instant now)
            throws CertificateRefused {
        return judged(chain, key, now);
    }

    /// For the database; opens under the same id only.
    public String seal(String id, EdgeCertificate certificate) {
        return sealer.seal(new Identity(certificate.chain(), certificate.key()).toPem(), id);
    }

    /// Empty when the row is damaged or was sealed under another id.
    public Optional<EdgeCertificate> open(String id, String sealed) {
        return sealer.open(sealed, id).flatMap(pem -> {
            try {
                Identity identity = Identity.ofPem(pem);
                return Optional.of(identity.toEdge(hosts(identity.certificate())));
            } catch (CertificateException | IOException e) {
                return Optional.empty();
            }
        });
    }

    /// SHA-1 of the leaf in DER, upper-case hex: what administrators know a certificate by (DOM-9).
    public static String thumbprint(X509Certificate certificate) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("it was encoded before, and every JDK has SHA-1", e);
        }
    }

    /// DNS names that the certificate is good for, lower case; nothing else counts (RFC 9525 §6.3).
    static List<String> hosts(X509Certificate leaf) {
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(DNS_NAME))
                            .map(name -> name.getLast().toString().toLowerCase(Locale.ROOT))
                            .distinct()
                            .toList();
        } catch (CertificateException e) {
            return List.of();
        }
    }

    /// @throws CertificateRefused for what no browser would accept
    static EdgeCertificate judged(List<X509Certificate> chain, PrivateKey key, Instant now) throws CertificateRefused {
        X509Certificate leaf = chain.getFirst();
        String name = "certificate '" + leaf.getSubjectX500Principal() + "' ";
        Instant end = leaf.getNotAfter().toInstant();
        if (end.isBefore(now)) {
            throw new CertificateRefused(name + "expired on " + end + "; renew it and send the new one");
        }
        if (leaf.getNotBefore().toInstant().isAfter(now.plus(CLOCKS_APART_MAX))) {
            throw new CertificateRefused(
                    name + "is not valid before " + leaf.getNotBefore().toInstant() + "; send it again then");
        }
        if (leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
            throw new CertificateRefused(name + "is self-signed and browsers refuse it; have it signed by an authority,"
                    + " a private one will do if clients trust it");
        }
        refuseKey(name, leaf.getPublicKey());
        if (chain.size() > CHAIN_MAX) {
            throw new CertificateRefused("the chain has " + chain.size() + " certificates; send the server's and its"
                    + " issuers, " + CHAIN_MAX + " at most");
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new CertificateRefused("the chain is out of order: number " + (i + 1) + " did not issue number "
                        + i + "; put the server's certificate first, then each one's issuer");
            }
        }
        if (!OperatorCertificate.belongTogether(leaf.getPublicKey(), key)) {
            throw new CertificateRefused(
                    "the private key does not fit " + name + "; send the key with which it was requested");
        }
        List<String> hosts = hosts(leaf);
        if (hosts.size() > HOSTS_MAX) {
            throw new CertificateRefused(name + "names " + hosts.size() + " hosts, " + HOSTS_MAX
                    + " at most can be used; request several certificates, or one with a wildcard");
        }
        if (hosts.isEmpty()) {
            throw new CertificateRefused(
                    name + "names no host (subjectAltName) and browsers refuse it; request one with DNS names");
        }
        return new EdgeCertificate(hosts, chain, key);
    }

    private static CertificateRefused noPfx(Exception cause) {
        return new CertificateRefused(
                "invalid certificate: this is no PFX (PKCS#12); export it anew with its private key, or send PEM",
                cause);
    }

    private static CertificateRefused withoutKey() {
        return new CertificateRefused("there is no private key in it; export the certificate with its private key");
    }

    /// What browsers take, and no size that makes a handshake slow.
    private static void refuseKey(String name, PublicKey key) throws CertificateRefused {
        boolean good = switch (key) {
            case RSAPublicKey rsa ->
                rsa.getModulus().bitLength() >= RSA_BITS_MIN && rsa.getModulus().bitLength() <= RSA_BITS_MAX;
            case ECPublicKey _ -> true; // the JDK knows the curves of browsers, and no others
            default -> false;
        };
        if (!good) {
            throw new CertificateRefused(name + "has a key that browsers refuse or that is too slow ("
                    + (key instanceof RSAPublicKey rsa
                            ? rsa.getModulus().bitLength() + " bits RSA"
                            : key.getAlgorithm())
                    + "); request one with an RSA key of " + RSA_BITS_MIN + " to " + RSA_BITS_MAX
                    + " bits, or an EC key");
        }
    }

    private static void refuseSize(int bytes) throws CertificateRefused {
        if (bytes > BYTES_MAX) {
            throw new CertificateRefused("a certificate of " + bytes
                    + " bytes is none; send one certificate with its chain, " + BYTES_MAX / 1024 + " KiB at most");
        }
    }

    private static boolean isAboutPassword(IOException e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("password");
    }
}
