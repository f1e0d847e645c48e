package io.postern.base;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KEM;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// A password on its way from the service to one process of a connector: what lies between reads nothing of
/// it, and
/// what was recorded is of no use once that process has ended. The JDK's DHKEM (RFC 9180, X25519) makes a
/// key for each
/// message, and AES-256-GCM seals that one message with it. Thread-safe.
///
/// Who the key is of, its bearer proves by the certificate with which he brings it.
public final class PasswordSeal {
    private static final String CURVE = "X25519";
    private static final int KEY_BYTES = 32;
    private static final int CAPSULE_BYTES = 32;
    private static final int TAG_BITS = 128;
    /// Each key seals one message, so the nonce never comes twice under it.
    private static final byte[] NONCE = new byte[12];

    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair keys;

    private PasswordSeal(KeyPair keys) {
        this.keys = keys;
    }

    /// A new key pair, for the life of a process.
    public static PasswordSeal create() {
        try {
            return new PasswordSeal(KeyPairGenerator.getInstance(CURVE).generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no X25519", e);
        }
    }

    /// The key pair that [#stored()] gave.
    ///
    /// @throws IllegalArgumentException when it is none
    public static PasswordSeal of(String stored) {
        String[] halves = stored.strip().split(" ", -1);
        try {
            KeyFactory factory = KeyFactory.getInstance(CURVE);
            return new PasswordSeal(new KeyPair(
                    factory.generatePublic(
                            new X509EncodedKeySpec(Base64.getUrlDecoder().decode(halves[halves.length - 1]))),
                    factory.generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getUrlDecoder().decode(halves[0])))));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no key pair of " + CURVE, e);
        }
    }

    /// The key pair as text, for a file that nobody else may read.
    public String stored() {
        return TO_TEXT.encodeToString(keys.getPrivate().getEncoded()) + " " + publicKey();
    }

    /// What others seal with.
    public String publicKey() {
        return TO_TEXT.encodeToString(keys.getPublic().getEncoded());
    }

    /// @param context must be the same when it is opened
    /// @throws IllegalArgumentException when that is no public key
    public static String seal(String publicKey, byte[] password, String context) {
        try {
            PublicKey key = KeyFactory.getInstance(CURVE)
                    .generatePublic(
                            new X509EncodedKeySpec(Base64.getUrlDecoder().decode(publicKey)));
            KEM.Encapsulated once =
                    KEM.getInstance("DHKEM").newEncapsulator(key).encapsulate(0, KEY_BYTES, "AES");
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, once.key(), context);
            byte[] capsule = once.encapsulation();
            byte[] sealed = new byte[capsule.length + cipher.getOutputSize(password.length)];
            System.arraycopy(capsule, 0, sealed, 0, capsule.length);
            cipher.doFinal(password, 0, password.length, sealed, capsule.length);
            return TO_TEXT.encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no public key of " + CURVE, e);
        }
    }

    /// @return to be wiped
    /// @throws GeneralSecurityException when it was not sealed for this process and context
    public byte[] open(String text, String context) throws GeneralSecurityException {
        byte[] sealed;
        try {
            sealed = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("no base64", e);
        }
        if (sealed.length < CAPSULE_BYTES) {
            throw new InvalidKeyException("too short");
        }
        SecretKey key = KEM.getInstance("DHKEM")
                .newDecapsulator(keys.getPrivate())
                .decapsulate(Arrays.copyOf(sealed, CAPSULE_BYTES), 0, KEY_BYTES, "AES");
        return cipher(Cipher.DECRYPT_MODE, key, context).doFinal(sealed, CAPSULE_BYTES, sealed.length - CAPSULE_BYTES);
    }

    private static Cipher cipher(int mode, SecretKey key, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, NONCE));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
