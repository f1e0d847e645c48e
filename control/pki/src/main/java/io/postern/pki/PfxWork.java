package io.postern.pki;

import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.AuthenticatedSafe;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.SafeBag;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/// What a PFX makes us compute before its password can be tried: its sender says how often each part is hashed, and
/// how many parts there are. Pure.
final class PfxWork {
    /// Common files have 2,048 to 10,000 in each of three parts, NSS 600,000; as many as this take a second.
    static final long ITERATIONS_MAX = 2_000_000;

    private static final int PARTS_MAX = 16;

    private PfxWork() {}

    /// Looks, and computes nothing.
    ///
    /// @throws CertificateRefused when it asks for too much
    /// @throws IllegalArgumentException when it is no PKCS#12
    static void check(byte[] pfx) throws CertificateRefused {
        Pfx read = Pfx.getInstance(pfx);
        long sum = read.getMacData() == null ? 0 : bounded(read.getMacData().getIterationCount());
        ContentInfo[] parts = AuthenticatedSafe.getInstance(
                        octets(read.getAuthSafe().getContent()))
                .getContentInfo();
        if (parts.length > PARTS_MAX) {
            throw tooMuch(parts.length + " parts");
        }
        for (ContentInfo part : parts) {
            sum += part.getContentType().equals(PKCSObjectIdentifiers.encryptedData)
                    ? iterations(EncryptedData.getInstance(part.getContent()).getEncryptionAlgorithm())
                    : keys(part);
        }
        if (sum > ITERATIONS_MAX) {
            throw tooMuch("more than " + ITERATIONS_MAX + " iterations");
        }
    }

    private static long keys(ContentInfo part) throws CertificateRefused {
        if (!part.getContentType().equals(PKCSObjectIdentifiers.data)) {
            return 0; // enveloped by a public key: nobody can open that by a password
        }
        long sum = 0;
        for (ASN1Encodable element : ASN1Sequence.getInstance(octets(part.getContent()))) {
            SafeBag bag = SafeBag.getInstance(element);
            if (bag.getBagId().equals(PKCSObjectIdentifiers.pkcs8ShroudedKeyBag)) {
                sum += iterations(
                        EncryptedPrivateKeyInfo.getInstance(bag.getBagValue()).getEncryptionAlgorithm());
            }
        }
        return sum;
    }

    private static long iterations(AlgorithmIdentifier algorithm) {
        if (algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            var derivation =
                    PBES2Parameters.getInstance(algorithm.getParameters()).getKeyDerivationFunc();
            return derivation.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)
                    ? bounded(
                            PBKDF2Params.getInstance(derivation.getParameters()).getIterationCount())
                    : 0; // the JDK knows no other, and refuses it
        }
        return bounded(PKCS12PBEParams.getInstance(algorithm.getParameters()).getIterations());
    }

    private static long bounded(BigInteger count) {
        return count.bitLength() > 40 || count.signum() < 0 ? ITERATIONS_MAX + 1 : count.longValue();
    }

    private static byte[] octets(ASN1Encodable content) {
        return ASN1OctetString.getInstance(content).getOctets();
    }

    private static CertificateRefused tooMuch(String what) {
        return new CertificateRefused("opening this PFX would take " + what
                + "; export it anew with one key and usual settings: openssl pkcs12 -export");
    }
}
