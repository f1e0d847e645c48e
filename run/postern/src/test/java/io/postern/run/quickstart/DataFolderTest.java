package io.postern.run.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.TestCertificates;
import io.postern.run.Fault;
import io.postern.run.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
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

    /// A port that is taken is noticed after the lock.
    @Test
    void goesOnWithWhatAStartLeftThatDidNotGetFar() throws IOException {
        DataFolder.open(temp.resolve("d"));
        Files.createFile(temp.resolve("d/service.lock"));

        DataFolder.open(temp.resolve("d"));
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

    @Test
    void theConnectorNeedsATokenWhenItsCertificatesHaveExpired() throws Exception {
        DataFolder data = DataFolder.open(temp.resolve("d"));
        Instant now = Instant.now();
        assertFalse(data.isConnectorRegistered(now));

        keepCertificate(data, "identity", now.minusSeconds(60));
        assertFalse(data.isConnectorRegistered(now));
        keepCertificate(data, "identity.next", now.plusSeconds(60));
        assertTrue(data.isConnectorRegistered(now));
        assertFalse(data.isConnectorRegistered(now.plusSeconds(61)));
    }

    @Test
    void aDamagedCertificateIsLeftToTheConnectorToComplainOf() throws Exception {
        DataFolder data = DataFolder.open(temp.resolve("d"));
        Files.createDirectories(data.connector().resolve("identity"));

        assertTrue(data.isConnectorRegistered(Instant.now()));
    }

    private static void keepCertificate(DataFolder data, String identity, Instant until) throws Exception {
        var leaf = TestCertificates.authority("connectors")
                .server(until.minusSeconds(3_600), until, "connector")
                .leaf();
        Path folder = Files.createDirectories(data.connector().resolve(identity));
        Files.writeString(
                folder.resolve("certificate.pem"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(leaf.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }
}
