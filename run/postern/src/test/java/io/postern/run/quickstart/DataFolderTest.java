package io.postern.run.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.run.Fault;
import io.postern.run.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path temp = Path.of("");

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void makesAPrivateFolder() throws IOException {
        DataFolder.open(temp.resolve("a/b"));
        assertEquals("rwx------", mode(temp.resolve("a/b")));
    }

    @Test
    void keepsSecretsToItsOwner() throws IOException {
        DataFolder data = DataFolder.open(temp.resolve("d"));
        data.keepPassword("one", "$argon2id$x");
        assertEquals("rw-------", mode(temp.resolve("d/password")));
        assertEquals(Optional.of("one"), data.password());
    }

    @Test
    void forgetsAPasswordThatWasChanged() {
        DataFolder data = DataFolder.open(temp.resolve("d"));
        data.keepPassword("one", "$argon2id$x");
        data.forgetPassword();
        assertEquals(Optional.empty(), data.password());
    }

    @Test
    void knowsWhetherThePasswordInForceIsTheOneKept() {
        DataFolder data = DataFolder.open(temp.resolve("d"));
        data.keepPassword("one", "$argon2id$x");
        assertTrue(data.isPasswordOf("$argon2id$x"));
        assertFalse(data.isPasswordOf("$argon2id$y"));
    }

    @Test
    void refusesAFolderThatHoldsOtherThings() throws IOException {
        Files.writeString(temp.resolve("letter.txt"), "dear");
        Fault fault = assertThrows(Fault.class, () -> DataFolder.open(temp));
        assertTrue(String.valueOf(fault.getMessage()).contains("holds other things"));
    }

    @Test
    void refusesAFile() throws IOException {
        Path file = Files.writeString(temp.resolve("f"), "");
        Fault fault = assertThrows(Fault.class, () -> DataFolder.open(file));
        assertTrue(String.valueOf(fault.getMessage()).contains("is a file"));
    }

    @Test
    void tellsOtherCommandsWhereTheServiceIs() {
        DataFolder data = DataFolder.open(temp.resolve("d"));
        PrivateFile.write(data.apiToken(), "pat_x\n");
        data.announce("https://api.postern.localhost:8443/");
        DataFolder.Reachable found = DataFolder.at(temp.resolve("d")).reachable();
        assertEquals("https://api.postern.localhost:8443/", found.api());
        assertEquals("pat_x", found.token());
    }

    @Test
    void saysWhatToDoWhereNoServiceWasStarted() {
        Fault fault = assertThrows(Fault.class, () -> DataFolder.at(temp).reachable());
        assertTrue(String.valueOf(fault.getMessage()).contains("postern quickstart"));
    }
}
