package io.postern.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeyTest {
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void isMadeForItsOwnerAloneAndReadAgain() throws Exception {
        Path file = folder.resolve("keys/master.key");

        String sealed = MasterKey.loadOrCreate(file).sealer("p").seal(TEXT, "c");

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys"))));
        assertArrayEquals(
                TEXT, MasterKey.loadOrCreate(file).sealer("p").open(sealed, "c").orElseThrow());
        try (var files = Files.list(folder.resolve("keys"))) {
            assertEquals(List.of(file), files.toList(), "no draft is left behind");
        }
    }

    @Test
    void processesThatMakeItTogetherAgree() throws Exception {
        Path file = folder.resolve("master.key");
        Callable<String> make = () -> MasterKey.loadOrCreate(file).sealer("p").seal(TEXT, "c");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var sealed : threads.invokeAll(List.of(make, make, make, make, make, make, make, make))) {
                assertTrue(MasterKey.loadOrCreate(file)
                        .sealer("p")
                        .open(sealed.get(), "c")
                        .isPresent());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
    void refusesAFileThatOthersMayUse(String rights) throws Exception {
        Path file = folder.resolve("master.key");
        MasterKey.loadOrCreate(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));

        var refused = assertThrows(PkiFault.class, () -> MasterKey.loadOrCreate(file));

        assertTrue(String.valueOf(refused.getMessage()).contains("chmod 600 " + file));
    }

    @Test
    void refusesAFolderInWhichOthersCouldReplaceIt() throws Exception {
        Path file = folder.resolve("keys/master.key");
        MasterKey.loadOrCreate(file);
        Files.setPosixFilePermissions(folder.resolve("keys"), PosixFilePermissions.fromString("rwxrwx---"));

        var refused = assertThrows(PkiFault.class, () -> MasterKey.loadOrCreate(file));

        assertTrue(String.valueOf(refused.getMessage()).contains("chmod 700 "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "garbage", "postern-master-key-1:", "postern-master-key-1:AAAA", "postern-master-key-1:***"})
    void refusesWhatIsNoKeyWithoutRepeatingIt(String text) throws Exception {
        Path file = folder.resolve("master.key");
        MasterKey.loadOrCreate(file);
        Files.writeString(file, text);

        var refused = assertThrows(PkiFault.class, () -> MasterKey.loadOrCreate(file));

        assertTrue(String.valueOf(refused.getMessage()).contains("restore it from a backup"));
        assertFalse(!text.isEmpty() && String.valueOf(refused.getMessage()).contains(text));
    }

    @Test
    void anotherKeyFileIsRecognised() {
        try (Node node = Node.sqlite(folder)) {
            node.pki();
            var stranger = new Node(node.store(), MasterKey.loadOrCreate(folder.resolve("other.key")));

            assertThrows(PkiFault.class, stranger::pki);
            assertThrows(PkiFault.class, () -> KeyRingLoader.load(node.store(), stranger.key(), Node.at(Node.NOW)));
        }
    }
}
