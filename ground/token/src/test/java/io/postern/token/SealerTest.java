package io.postern.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.base.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {
    private static final byte[] PLAIN = "{\"u\":\"b.simon\"}".getBytes(StandardCharsets.UTF_8);

    private final KeyRing ring = KeyRing.generate();
    private final Sealer sealer = new Sealer(ring, "access-cookie");

    private static KeyRing.Entry key(int id, int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return new KeyRing.Entry(id, Secret.of(bytes));
    }

    @Test
    void opensWhatItSealed() {
        assertArrayEquals(PLAIN, sealer.open(sealer.seal(PLAIN, "app"), "app").orElseThrow());
        assertArrayEquals(
                new byte[0], sealer.open(sealer.seal(new byte[0], ""), "").orElseThrow());
        assertArrayEquals(
                PLAIN, sealer.openBytes(sealer.sealBytes(PLAIN, "app"), "app").orElseThrow());
    }

    @Test
    void neverSealsAlike() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            seen.add(sealer.seal(PLAIN, "app"));
        }
        assertEquals(1000, seen.size());
    }

    @Nested
    class Confusion {
        @ParameterizedTest
        @ValueSource(strings = {"", "ap", "app2", "App", "app\u0000", " app"})
        void otherContextOpensNothing(String context) {
            assertEquals(Optional.empty(), sealer.open(sealer.seal(PLAIN, "app"), context));
        }

        @Test
        void otherPurposeOpensNothing() {
            var state = new Sealer(ring, "sign-in-state");
            assertEquals(Optional.empty(), state.open(sealer.seal(PLAIN, "app"), "app"));
        }

        @Test
        void otherRingOpensNothing() {
            var foreign = new Sealer(KeyRing.generate(), "access-cookie");
            assertEquals(Optional.empty(), foreign.open(sealer.seal(PLAIN, "app"), "app"));
        }

        @Test
        void keyIdIsPartOfWhatIsChecked() {
            var two = new KeyRing(List.of(key(1, 1), key(2, 2)));
            byte[] sealed = new Sealer(two, "p").sealBytes(PLAIN, "c");
            sealed[0] = 2;
            assertEquals(Optional.empty(), new Sealer(two, "p").openBytes(sealed, "c"));
        }
    }

    @Nested
    class Tampering {
        @Test
        void anyFlippedBitIsNoticed() {
            byte[] sealed = sealer.sealBytes(PLAIN, "app");
            for (int bit = 0; bit < sealed.length * 8; bit++) {
                byte[] forged = sealed.clone();
                forged[bit / 8] ^= (byte) (1 << (bit % 8));
                assertEquals(Optional.empty(), sealer.openBytes(forged, "app"), "bit " + bit);
            }
        }

        @Test
        void anyTruncationOrExtensionIsNoticed() {
            byte[] sealed = sealer.sealBytes(PLAIN, "app");
            for (int length = 0; length < sealed.length; length++) {
                assertEquals(Optional.empty(), sealer.openBytes(Arrays.copyOf(sealed, length), "app"));
                assertEquals(
                        Optional.empty(),
                        sealer.openBytes(Arrays.copyOfRange(sealed, length + 1, sealed.length), "app"));
            }
            assertEquals(Optional.empty(), sealer.openBytes(Arrays.copyOf(sealed, sealed.length + 1), "app"));
        }

        @Test
        void oneValueHasOneSpelling() {
            for (int length = 0; length < 4; length++) {
                String text = sealer.seal(new byte[length], "app");
                char last = text.charAt(text.length() - 1);
                for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
                    if (c != last) {
                        String other = text.substring(0, text.length() - 1) + c;
                        assertEquals(Optional.empty(), sealer.open(other, "app"), "the unused bits of base64url");
                    }
                }
                for (String padded : List.of(text + "=", text + "==", text + "\n", " " + text, text + "A")) {
                    assertEquals(Optional.empty(), sealer.open(padded, "app"));
                }
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "A",
                    "AA",
                    "====",
                    "+/+/",
                    "%41",
                    "\u0000",
                    "\u00e9",
                    "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                })
        void garbageOpensNothing(String text) {
            assertEquals(Optional.empty(), sealer.open(text, "app"));
        }
    }

    @Nested
    class Rotation {
        @Test
        void oldKeyStillOpensAndNewKeySeals() {
            var before = new Sealer(new KeyRing(List.of(key(1, 1))), "p");
            var after = new Sealer(new KeyRing(List.of(key(2, 2), key(1, 1))), "p");
            var later = new Sealer(new KeyRing(List.of(key(2, 2))), "p");
            String old = before.seal(PLAIN, "c");

            assertArrayEquals(PLAIN, after.open(old, "c").orElseThrow());
            assertArrayEquals(PLAIN, later.open(after.seal(PLAIN, "c"), "c").orElseThrow());
            assertEquals(Optional.empty(), later.open(old, "c"));
            assertEquals(Optional.empty(), before.open(after.seal(PLAIN, "c"), "c"));
        }

        @Test
        void keyIdsAboveSevenBitsWork() {
            var high = new Sealer(new KeyRing(List.of(key(255, 1))), "p");
            assertArrayEquals(PLAIN, high.open(high.seal(PLAIN, "c"), "c").orElseThrow());
        }
    }

    @Nested
    class Ring {
        @ParameterizedTest
        @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 256})
        void refusesIdsThatDoNotFit(int id) {
            assertThrows(IllegalArgumentException.class, () -> key(id, 1));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 16, 31, 33})
        void refusesKeysOfAnotherLength(int length) {
            var secret = Secret.of(new byte[length]);
            assertThrows(IllegalArgumentException.class, () -> new KeyRing.Entry(1, secret));
        }

        @Test
        void refusesToBeEmptyAndTwoKeysOfOneId() {
            assertThrows(IllegalArgumentException.class, () -> new KeyRing(List.of()));
            var entries = List.of(key(1, 1), key(1, 2));
            assertEquals(
                    "key id 1 stands twice in the key ring",
                    assertThrows(IllegalArgumentException.class, () -> new KeyRing(entries))
                            .getMessage());
        }

        @Test
        void derivesAnotherSecretForEachPurposeAndKey() {
            assertEquals(ring.deriveSecret("a"), ring.deriveSecret("a"));
            assertNotEquals(ring.deriveSecret("a"), ring.deriveSecret("b"));
            assertNotEquals(ring.deriveSecret("a"), KeyRing.generate().deriveSecret("a"));
            assertEquals(32, ring.deriveSecret("a").bytes().length);
        }

        // a value fixed for ever: another derivation would void every sealed value at an upgrade
        @Test
        void derivationIsStable() {
            var fixed = new KeyRing(List.of(new KeyRing.Entry(1, Secret.of(new byte[32]))));
            assertEquals(
                    "f5631bfcd69b5e5ecc1a117be9e3c218b755784092543e042ce289b06b627ca1",
                    java.util.HexFormat.of()
                            .formatHex(fixed.deriveSecret("access-cookie").bytes()));
        }
    }

    @Nested
    class Edge {
        @Test
        void credentialIsStableForAnApplicationAndDifferentFromAllOthers() {
            assertEquals(EdgeCredential.of(ring, "a"), EdgeCredential.of(ring, "a"));
            assertNotEquals(EdgeCredential.of(ring, "a"), EdgeCredential.of(ring, "b"));
            assertNotEquals(EdgeCredential.of(ring, "a"), EdgeCredential.of(KeyRing.generate(), "a"));
        }

        @Test
        void credentialFitsIntoAFormAndIsNotPrinted() {
            Secret credential = EdgeCredential.of(ring, "a");
            assertEquals(true, credential.reveal().matches("[A-Za-z0-9_-]{43}"));
            assertEquals(false, credential.toString().contains(credential.reveal()));
        }
    }
}
