package io.postern.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/// What the gateway gives a browser on its way from an application's "Sign out" to the identity provider: that the wish
/// came from that application, in this session. So nobody is asked who has just said it, and everybody is whom another
/// page sends there (OpenID Connect RP-Initiated Logout §2). It lets nobody in and is void for every other session.
/// Thread-safe.
public final class SignOutProof {
    /// In the query of the logout address.
    public static final String PARAMETER = "sign_out_proof";

    static final Duration LIFETIME = Duration.ofMinutes(2); // of a redirect, on a slow line

    private final Sealer sealer;

    public SignOutProof(KeyRing ring) {
        this.sealer = new Sealer(ring, "sign-out-proof");
    }

    /// @param session id of the browser session that shall end
    public String seal(String session, Instant now) {
        byte[] name = session.getBytes(StandardCharsets.UTF_8);
        return sealer.seal(
                ByteBuffer.allocate(Long.BYTES + name.length)
                        .putLong(now.plus(LIFETIME).getEpochSecond())
                        .put(name)
                        .array(),
                "");
    }

    /// False for whatever we did not seal, for another session and for a proof that is over.
    public boolean holds(String proof, String session, Instant now) {
        return sealer.open(proof, "")
                .filter(plain -> plain.length > Long.BYTES)
                .filter(plain -> now.getEpochSecond() < ByteBuffer.wrap(plain).getLong())
                .filter(plain -> session.equals(
                        new String(plain, Long.BYTES, plain.length - Long.BYTES, StandardCharsets.UTF_8)))
                .isPresent();
    }
}
