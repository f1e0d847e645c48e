package io.postern.pki;

import java.io.IOException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/// A certificate request (PKCS#10, RFC 2986) from a connector: only its key counts, and only if the sender
/// proves to hold the private half by the request's signature.
final class ConnectorRequest {
    private static final int BYTES_MAX = 16 * 1024; // an RSA-8192 request has about 3 KiB
    private static final int RSA_BITS_MIN = 2048;
    private static final int RSA_BITS_MAX = 8192; // verifying longer ones is work for free
    private static final Set<ASN1ObjectIdentifier> SIGNATURES = Set.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256,
            X9ObjectIdentifiers.ecdsa_with_SHA384,
            X9ObjectIdentifiers.ecdsa_with_SHA512,
            PKCSObjectIdentifiers.sha256WithRSAEncryption,
            PKCSObjectIdentifiers.sha384WithRSAEncryption,
            PKCSObjectIdentifiers.sha512WithRSAEncryption);

    private ConnectorRequest() {}

    /// The proven key. A stranger wrote these bytes: whatever parsing throws is a refusal.
    static PublicKey verifiedKey(byte[] der) throws CsrRefused {
        if (der.length > BYTES_MAX) {
            throw new CsrRefused("the certificate request is longer than " + BYTES_MAX + " bytes");
        }
        try {
            var request = new PKCS10CertificationRequest(der);
            if (!SIGNATURES.contains(request.getSignatureAlgorithm().getAlgorithm())) {
                throw new CsrRefused("the certificate request must be signed with ECDSA or RSA and SHA-256 or better");
            }
            SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
            PublicKey key = new JcaPEMKeyConverter().getPublicKey(info);
            refuseWeak(key, info);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new CsrRefused("the certificate request's signature does not match its key");
            }
            return key;
        } catch (IOException | PKCSException | OperatorCreationException | RuntimeException e) {
            throw new CsrRefused("this is not a certificate request (PKCS#10 in DER)");
        }
    }

    private static void refuseWeak(PublicKey key, SubjectPublicKeyInfo info) throws CsrRefused {
        boolean strong = switch (key) {
            case ECPublicKey ec ->
                SECObjectIdentifiers.secp256r1.equals(info.getAlgorithm().getParameters());
            case RSAPublicKey rsa ->
                rsa.getModulus().bitLength() >= RSA_BITS_MIN && rsa.getModulus().bitLength() <= RSA_BITS_MAX;
            default -> false;
        };
        if (!strong) {
            throw new CsrRefused(
                    "the key must be EC P-256 or RSA with " + RSA_BITS_MIN + " to " + RSA_BITS_MAX + " bits");
        }
    }
}
