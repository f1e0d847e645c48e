package io.postern.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority: makes itself and issues certificates (profiles after RFC 5280). Immutable.
record Authority(Identity identity) {
    private static final SecureRandom RANDOM = new SecureRandom();
    // clocks of browsers and connectors may be behind ours
    private static final Duration BACKDATED = Duration.ofHours(1);
    // of a life of less than ten hours, so much is not spent before it begins
    private static final int BACKDATED_PART = 10;
    private static final int NAME_MAX = 64; // ub-common-name and ub-organization-name, RFC 5280 appendix A

    /// For browsers: good for server certificates of `baseDomain` and below, for no address and nothing else, so
    /// that a person who trusts it trusts it with that domain alone.
    static Authority forBrowsers(String baseDomain, Instant now, Duration life) {
        KeyPair keys = keyPair();
        var builder = authority("Postern CA " + shortRandom(), baseDomain, keys.getPublic(), now, life);
        try {
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            // addresses are a name type of their own, which a constraint on DNS names leaves open
            builder.addExtension(
                    Extension.nameConstraints,
                    true,
                    new NameConstraints(
                            new GeneralSubtree[] {new GeneralSubtree(new GeneralName(GeneralName.dNSName, baseDomain))},
                            new GeneralSubtree[] {new GeneralSubtree(anyAddress(4)), new GeneralSubtree(anyAddress(16))
                            }));
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
        return new Authority(new Identity(List.of(sign(builder, keys)), keys.getPrivate()));
    }

    /// For connectors: both ends of the tunnel and nothing else.
    static Authority forConnectors(Instant now, Duration life) {
        KeyPair keys = keyPair();
        var builder = authority("Postern connector CA " + shortRandom(), "Postern", keys.getPublic(), now, life);
        try {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
        return new Authority(new Identity(List.of(sign(builder, keys)), keys.getPrivate()));
    }

    X509Certificate certificate() {
        return identity.certificate();
    }

    /// A new P-256 key with a certificate for the hosts, the chain including this authority.
    Identity issueServer(List<String> hosts, Instant now, Duration life) {
        KeyPair keys = keyPair();
        var builder =
                leaf(name("Postern", hosts.getLast()), keys.getPublic(), KeyPurposeId.id_kp_serverAuth, now, life);
        try {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(hosts.stream()
                            .map(host -> new GeneralName(GeneralName.dNSName, host))
                            .toArray(GeneralName[]::new)));
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
        return new Identity(List.of(sign(builder), certificate()), keys.getPrivate());
    }

    X509Certificate issueClient(String commonName, String organisation, PublicKey key, Instant now, Duration life) {
        return sign(leaf(name(commonName, organisation), key, KeyPurposeId.id_kp_clientAuth, now, life));
    }

    boolean issued(X509Certificate certificate) {
        try {
            certificate.verify(certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private X509v3CertificateBuilder leaf(
            X500Name subject, PublicKey key, KeyPurposeId use, Instant now, Duration life) {
        var builder = new JcaX509v3CertificateBuilder(
                certificate(), serial(), from(now, life), Date.from(now.plus(life)), subject, key);
        try {
            var ids = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(use));
            builder.addExtension(Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(key));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(certificate()));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return builder;
    }

    private static X509v3CertificateBuilder authority(
            String commonName, String organisation, PublicKey key, Instant now, Duration life) {
        X500Name name = name(commonName, organisation);
        var builder =
                new JcaX509v3CertificateBuilder(name, serial(), from(now, life), Date.from(now.plus(life)), name, key);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0)); // issues leaves only
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return builder;
    }

    private X509Certificate sign(X509v3CertificateBuilder builder) {
        return sign(builder, new KeyPair(certificate().getPublicKey(), identity.key()));
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair issuer) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with ECDSA", e);
        }
    }

    private static KeyPair keyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    private static X500Name name(String commonName, String organisation) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, cut(organisation))
                .addRDN(BCStyle.CN, cut(commonName))
                .build();
    }

    private static GeneralName anyAddress(int bytes) {
        return new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[2 * bytes])); // address and mask
    }

    private static String cut(String name) {
        return name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX);
    }

    /// Two authorities in one trust store must differ by name.
    private static String shortRandom() {
        return Integer.toHexString(RANDOM.nextInt(0x1000_0000, 0x7fff_ffff));
    }

    /// 128 random bits, positive and not zero (RFC 5280 §4.1.2.2).
    private static BigInteger serial() {
        return new BigInteger(128, RANDOM).setBit(127);
    }

    private static Date from(Instant now, Duration life) {
        Duration part = life.dividedBy(BACKDATED_PART);
        return Date.from(now.minus(part.compareTo(BACKDATED) < 0 ? part : BACKDATED));
    }
}
