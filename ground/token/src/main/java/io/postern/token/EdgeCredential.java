package io.postern.token;

import io.postern.base.Secret;
import java.util.Base64;

/// The client secret with which the gateway redeems authorization codes for a published application
/// (1.1 "edge credential"). Derived, so it is stored nowhere and cannot be edited away (APP-1).
public final class EdgeCredential {
    private EdgeCredential() {}

    public static Secret of(KeyRing ring, String appId) {
        byte[] bytes = ring.deriveSecret("edge-credential:" + appId).bytes();
        return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
}
