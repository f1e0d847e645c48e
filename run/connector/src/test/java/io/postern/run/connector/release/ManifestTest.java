package io.postern.run.connector.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A manifest is believed for its signature alone.
class ManifestTest {
    private static final KeyPair KEYS = ReleaseKeys.generate();
    private static final Manifest MANIFEST = new Manifest(
            Version.parse("1.2.3"), "a.zip", 17, "0123456789abcdef".repeat(4), Instant.parse("2026-11-21T10:00:00Z"));

    @Test
    void comesOutAsItWasSigned() {
        byte[] text = MANIFEST.sign(KEYS.getPrivate()).getBytes(UTF_8);

        assertEquals(MANIFEST, Manifest.verify(text, KEYS.getPublic()));
    }

    @Test
    void refusesAnotherKeysSignature() {
        byte[] text = MANIFEST.sign(ReleaseKeys.generate().getPrivate()).getBytes(UTF_8);

        assertRefused("signature", text);
    }

    @Test
    void refusesEveryTextWithOneBitChanged() {
        byte[] text = MANIFEST.sign(KEYS.getPrivate()).getBytes(UTF_8);
        for (int i = 0; i < text.length; i++) {
            byte[] damaged = text.clone();
            damaged[i] ^= 1;
            assertThrows(ReleaseFault.class, () -> Manifest.verify(damaged, KEYS.getPublic()), "byte " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "\nsignature: ed25519 \n",
                "{}\nsignature: ed25519 AAAA\n",
                "{}\nsignature: ed25519 !\n"
            })
    void refusesWhatIsNotSigned(String text) {
        assertRefused("signature", text.getBytes(UTF_8));
    }

    @Test
    void refusesAnAppendedSecondManifest() {
        String genuine = MANIFEST.sign(KEYS.getPrivate());

        assertRefused("signature", (genuine + genuine).getBytes(UTF_8));
    }

    @Test
    void refusesATextBeyondTheLimit() {
        assertRefused("larger", new byte[Manifest.BYTES_MAX + 1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"format\":2}",
                "{\"format\":1,\"product\":\"another\"}",
                "{\"format\":1,\"product\":\"postern-connector\",\"version\":\"../1\"}",
                "{\"format\":1,\"format\":1}",
                "[]",
                "not json"
            })
    void refusesWhatIsSignedAndNoManifestOfOurs(String payload) throws Exception {
        assertThrows(ReleaseFault.class, () -> Manifest.verify(signed(payload, KEYS.getPrivate()), KEYS.getPublic()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "-1.2.3", "1.2.3-rc1", "../1.2.3", "1234567.0.0"})
    void refusesWhatIsNoVersion(String text) {
        assertThrows(IllegalArgumentException.class, () -> Version.parse(text));
    }

    @Test
    void ordersVersionsByNumber() {
        assertTrue(Version.parse("1.10.0").compareTo(Version.parse("1.9.9")) > 0);
        assertTrue(Version.parse("2.0.0").compareTo(Version.parse("1.99.99")) > 0);
    }

    private static void assertRefused(String word, byte[] text) {
        ReleaseFault fault = assertThrows(ReleaseFault.class, () -> Manifest.verify(text, KEYS.getPublic()));
        assertTrue(String.valueOf(fault.getMessage()).contains(word), fault.getMessage());
    }

    private static byte[] signed(String payload, PrivateKey key) throws Exception {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(payload.getBytes(UTF_8));
        return (payload + "\nsignature: ed25519 " + Base64.getEncoder().encodeToString(signature.sign()) + "\n")
                .getBytes(UTF_8);
    }
}
