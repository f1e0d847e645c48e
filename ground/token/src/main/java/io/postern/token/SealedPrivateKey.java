package io.postern.token;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;

/// RSA private keys as the database keeps them: PKCS#8, sealed under the id of the key so that rows cannot be swapped.
public final class SealedPrivateKey {
    private SealedPrivateKey() {}

    public static String seal(Sealer sealer, String keyId, PrivateKey key) {
        return sealer.seal(key.getEncoded(), keyId);
    }

    /// Empty when it was not sealed by this ring under this id.
    public static Optional<PrivateKey> open(Sealer sealer, String keyId, String sealed) {
        return sealer.open(sealed, keyId).map(der -> {
            try {
                return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("key " + keyId + " was sealed whole", e);
            }
        });
    }
}
