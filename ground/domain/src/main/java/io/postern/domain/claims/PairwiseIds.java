package io.postern.domain.claims;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Identifiers that stay the same for a user at one application and tell two applications nothing about each other:
/// HMAC-SHA-256 over tenant, application and user. Safe for any thread.
public final class PairwiseIds {
    private static final int KEY_MIN = 32;

    private final SecretKeySpec key;

    /// @param key at least 32 bytes that never change: another key makes other people of everybody
    public PairwiseIds(byte[] key) {
        if (key.length < KEY_MIN) {
            throw new IllegalArgumentException("the key of pairwise identifiers needs " + KEY_MIN + " bytes");
        }
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /// 43 letters, digits, `-` and `_`.
    public String of(TenantId tenant, AppId application, String user) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            // ids hold no NUL, so no two triples make the same text
            byte[] digest = mac.doFinal(
                    (tenant.value() + '\0' + application.value() + '\0' + user).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every Java", e);
        }
    }
}
