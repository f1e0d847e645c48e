package io.postern.token;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.Secret;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignOutProofTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static KeyRing ring(int fill) {
        byte[] key = new byte[32];
        java.util.Arrays.fill(key, (byte) fill);
        return new KeyRing(List.of(new KeyRing.Entry(1, Secret.of(key))));
    }

    private final SignOutProof proofs = new SignOutProof(ring(1));

    @Test
    void holdsForItsSessionAndItsTimeOnly() {
        String proof = proofs.seal("session-1", NOW);

        assertTrue(proofs.holds(proof, "session-1", NOW.plusSeconds(119)));
        assertFalse(proofs.holds(proof, "session-1", NOW.plusSeconds(120)));
        assertFalse(proofs.holds(proof, "session-2", NOW));
        assertFalse(proofs.holds(proof, "session", NOW));
    }

    @Test
    void doesNotHoldWhenSomebodyElseMadeIt() {
        String proof = proofs.seal("session-1", NOW);

        assertFalse(new SignOutProof(ring(2)).holds(proof, "session-1", NOW));
        assertFalse(proofs.holds(proof.substring(1), "session-1", NOW));
        assertFalse(proofs.holds("", "", NOW));
        assertFalse(proofs.holds(new Sealer(ring(1), "access-cookie").seal(new byte[40], ""), "", NOW));
    }
}
