package io.postern.account.desktop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.KerberosRealm;
import io.postern.fixtures.KeytabFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Keytabs as a real KDC's tools write them, and as nobody should (DSK-1).
class KeytabTest {
    private static KerberosRealm realm;

    @BeforeAll
    static void open() {
        realm = KerberosRealm.start();
    }

    @AfterAll
    static void close() {
        realm.close();
    }

    @Test
    void readsTheKeysThatTheToolsWrote() throws IOException {
        var file = realm.keytab("HTTP/login.example.test", "aes256-cts:normal,aes128-cts:normal,arcfour-hmac:normal");

        Keytab keytab = Keytab.read(Files.readAllBytes(file));

        assertEquals("HTTP/login.example.test@CORP.TEST", keytab.principal());
        assertEquals("CORP.TEST", keytab.realm());
        assertEquals(
                Set.of(17, 18), keytab.keys().stream().map(Keytab.Key::type).collect(Collectors.toSet()), "no RC4");
        assertTrue(keytab.keys().stream().allMatch(key -> key.version() >= 2), keytab.toString());
    }

    @Test
    void keysOfOldPasswordsAreKept() throws IOException {
        var first = Files.readAllBytes(realm.keytab("HTTP/renewed.example.test", "aes256-cts:normal"));
        var second = Files.readAllBytes(realm.keytab("HTTP/renewed.example.test", "aes256-cts:normal"));

        assertEquals(1, Keytab.read(first).keys().size());
        assertEquals(2, Keytab.read(second).keys().size());
    }

    @Test
    void keysOfWeakCiphersAloneAreRefused() throws IOException {
        byte[] file = Files.readAllBytes(realm.keytab("HTTP/weak.example.test", "arcfour-hmac:normal"));

        var refused = assertThrows(IllegalArgumentException.class, () -> Keytab.read(file));

        assertTrue(String.valueOf(refused.getMessage()).contains("AES"), refused.getMessage());
    }

    @Test
    void otherServicesAndSeveralAreRefused() throws IOException {
        byte[] host = KeytabFile.of("host/login.example.test@CORP.TEST", 1);
        byte[] one = KeytabFile.of("HTTP/a.example.test@CORP.TEST", 1);
        byte[] other = KeytabFile.of("HTTP/b.example.test@CORP.TEST", 1);
        var both = new ByteArrayOutputStream();
        both.write(one);
        both.write(other, 2, other.length - 2);

        assertThrows(IllegalArgumentException.class, () -> Keytab.read(host));
        assertThrows(IllegalArgumentException.class, () -> Keytab.read(both.toByteArray()));
        assertEquals(1, Keytab.read(one).keys().size());
    }

    /// Whatever is cut off or changed: a sentence, and nothing else is thrown.
    @Test
    void whatIsDamagedIsRefusedInASentence() {
        byte[] good = KeytabFile.of("HTTP/login.example.test@CORP.TEST", 3);
        for (int length = 0; length < good.length - Integer.BYTES; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThrows(IllegalArgumentException.class, () -> Keytab.read(cut));
        }
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = good.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                Keytab.read(changed);
            } catch (IllegalArgumentException e) {
                assertFalse(String.valueOf(e.getMessage()).isBlank());
            }
        }
    }

    @Test
    void keysAreNotPrinted() {
        assertFalse(Keytab.read(KeytabFile.of("HTTP/login.example.test@CORP.TEST", 3))
                .toString()
                .contains("[0, 0"));
    }
}
