package io.postern.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/// Seals bytes for one purpose: AES-256-GCM under a key derived for it, with a context that must be the
/// same when opening (for example the application that a cookie belongs to).
///
/// Layout before base64url: key id (1 byte), nonce (12), ciphertext and tag (n + 16). A random 96-bit
/// nonce is safe for 2^32 values per key (NIST SP 800-38D §8.3); keys are rotated long before.
/// Thread-safe.
public final class Sealer {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();

    private final KeyRing ring;
    private final String purpose;

    public Sealer(KeyRing ring, String purpose) {
        this.ring = ring;
        this.purpose = purpose;
    }

    public String seal(byte[] plain, String context) {
        return TO_TEXT.encodeToString(sealBytes(plain, context));
    }

    public byte[] sealBytes(byte[] plain, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        KeyRing.SealingKey key = ring.sealingKey(purpose);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            byte[] sealed = new byte[1 + NONCE_BYTES + cipher.getOutputSize(plain.length)];
            sealed[0] = (byte) key.id();
            System.arraycopy(nonce, 0, sealed, 1, NONCE_BYTES);
            int written = cipher.doFinal(plain, 0, plain.length, sealed, 1 + NONCE_BYTES);
            return Arrays.copyOf(sealed, 1 + NONCE_BYTES + written);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    /// Empty when the text was not sealed by this ring for this purpose and context.
    public Optional<byte[]> open(String text, String context) {
        byte[] sealed;
        try {
            sealed = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        // decoders ignore padding and unused bits; one value has one spelling
        return TO_TEXT.encodeToString(sealed).equals(text) ? openBytes(sealed, context) : Optional.empty();
    }

    public Optional<byte[]> openBytes(byte[] sealed, String context) {
        if (sealed.length < 1 + NONCE_BYTES + TAG_BITS / 8) {
            return Optional.empty();
        }
        var key = ring.key(sealed[0] & 0xff, purpose);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key.get(), new GCMParameterSpec(TAG_BITS, sealed, 1, NONCE_BYTES));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return Optional.of(cipher.doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES));
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // forged, truncated, or sealed for something else
        }
    }
}
