package io.postern.connector.enroll;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/// A new P-256 key and the request that has it certified (PKCS #10, RFC 2986 §4). The service ignores
/// the subject; only the key counts (tunnel.md §6).
///
/// @param pkcs10 the request in DER, base64
record CertificateRequest(KeyPair keys, String pkcs10) {
    private static final byte[] COMMON_NAME = Der.objectIdentifier(2, 5, 4, 3);
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.objectIdentifier(1, 2, 840, 10045, 4, 3, 2));

    static CertificateRequest create() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            byte[] subject = Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.utf8("Postern connector"))));
            byte[] info = Der.sequence(Der.zero(), subject, keys.getPublic().getEncoded(), Der.emptyContext(0));
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(info);
            byte[] der = Der.sequence(info, ECDSA_WITH_SHA256, Der.bitString(signature.sign()));
            return new CertificateRequest(keys, Base64.getEncoder().encodeToString(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256 and ECDSA", e);
        }
    }
}
