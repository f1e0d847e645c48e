package io.postern.run.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.config.ConfigReader;
import io.postern.connector.directory.DirectorySettings;
import io.postern.fixtures.SambaDomain;
import io.postern.run.connector.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `connector check` finds out about a real domain controller.
class DirectoryFindingsTest {
    private static SambaDomain domain;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startDomain() {
        domain = SambaDomain.start();
    }

    @AfterAll
    static void stopDomain() {
        domain.close();
    }

    private List<Finding> look(String account, String password, String urls) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("password"), password);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        ConfigReader config = ConfigReader.of("connector.yaml", """
                directories:
                  - name: corp
                    urls: [%s]
                    trust: %s
                    bind-dn: %s@corp.test
                    password-file: %s
                """.formatted(urls, domain.authority(), account, file));
        List<DirectorySettings> settings = DirectorySettings.read(config.sections("directories"));
        config.finish();
        var findings = new ArrayList<Finding>();
        new DirectoryFindings(settings, findings::add).look();
        return findings;
    }

    @Test
    void allRightsAreFine() throws Exception {
        List<Finding> found = look("svc-sync", SambaDomain.READER_PASSWORD, domain.ldaps());

        assertEquals(Verdict.OK, found.getFirst().verdict(), found.toString());
        assertTrue(found.getFirst().what().contains("Active Directory, domain DC=corp,DC=test"), found.toString());
    }

    @Test
    void aMissingRightIsAWarningWithTheCommandThatGrantsIt() throws Exception {
        Finding noSync =
                look("svc-usn", SambaDomain.READER_PASSWORD, domain.ldaps()).getFirst();
        Finding blind =
                look("svc-blind", SambaDomain.READER_PASSWORD, domain.ldaps()).getFirst();

        assertEquals(Verdict.WARNING, noSync.verdict());
        assertTrue(noSync.remedy().contains("Replicating Directory Changes"), noSync.toString());
        assertEquals(Verdict.WARNING, blind.verdict());
        assertTrue(blind.remedy().contains("CN=Deleted Objects"), blind.toString());
    }

    @Test
    void everyServerIsLookedAtAndItsFaultNamed() throws Exception {
        String away = domain.ldaps().replace(":636", ":637");
        List<Finding> found = look("svc-sync", "not-the-password", away + ", " + domain.ldaps());

        assertEquals(
                List.of(Verdict.FAILED, Verdict.FAILED),
                found.stream().map(Finding::verdict).toList());
        assertTrue(found.getFirst().what().contains("Connection refused"), found.toString());
        assertTrue(found.getLast().what().contains("wrong password"), found.toString());
        assertFalse(found.toString().contains("not-the-password"));
    }
}
