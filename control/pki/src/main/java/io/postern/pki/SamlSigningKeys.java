package io.postern.pki;

import io.postern.token.SealedPrivateKey;
import io.postern.token.Sealer;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes the keys with which assertions are signed: RSA-2048 under a self-signed certificate, since service providers
/// trust the certificate they were given and ask no authority (3.4.2).
public final class SamlSigningKeys {
    /// Under which the master key seals them.
    public static final String PURPOSE = "saml-signing";

    private static final int BITS = 2048;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Sealer sealer;

    /// Made before they are needed: making one takes up to a second, and whoever writes to the database keeps all
    /// other writers waiting.
    private final ConcurrentLinkedQueue<KeyPair> ready = new ConcurrentLinkedQueue<>();

    SamlSigningKeys(Sealer sealer) {
        this.sealer = sealer;
    }

    /// @param sealed the private key, under the key id
    public record Made(X509Certificate certificate, String sealed) {}

    /// Makes keys until there are so many for [#make] to take. Call it outside of transactions; thread-safe.
    public void prepare(int count) {
        while (ready.size() < count) {
            ready.add(generate());
        }
    }

    private static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA is part of every Java", e);
        }
    }

    /// Takes a key that was prepared; makes one where others were quicker.
    ///
    /// @param commonName of subject and issuer
    public Made make(String keyId, String commonName, Instant starts, Instant ends) {
        try {
            KeyPair prepared = ready.poll();
            KeyPair keys = prepared == null ? generate() : prepared;
            var name = new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
            var builder = new JcaX509v3CertificateBuilder(
                    name, new BigInteger(127, RANDOM), Date.from(starts), Date.from(ends), name, keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            var signed = builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()));
            return new Made(
                    new JcaX509CertificateConverter().getCertificate(signed),
                    SealedPrivateKey.seal(sealer, keyId, keys.getPrivate()));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("RSA and SHA-256 are part of every Java", e);
        }
    }
}
