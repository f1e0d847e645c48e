package io.postern.run.connector.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {
    private static final int LINE_BYTES = 100;

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("admin.log");
    }

    private RotatingFile open(int files) throws IOException {
        return RotatingFile.open(file(), 3L * LINE_BYTES, files, record -> !record.isSession());
    }

    private List<String> names() throws IOException {
        try (var all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void writesALineForEachRecordThatIsMeant() throws Exception {
        try (RotatingFile log = open(2)) {
            log.write(List.of(Records.admin("exchange failed"), Records.session("exchange")));
        }

        assertEquals(
                "2026-11-21T11:19:56.045Z WARN 13006 connector.serve exchange failed exchange=\"0123\""
                        + " reason=\"no 'route'\"\n",
                Files.readString(file()));
    }

    @Test
    void keepsSoManyFilesOfItsSize() throws Exception {
        try (RotatingFile log = open(3)) {
            for (int i = 0; i < 100; i++) {
                log.write(List.of(Records.admin("number " + i)));
            }
        }

        assertEquals(List.of("admin.log", "admin.log.1", "admin.log.2"), names());
        assertTrue(Files.readString(file()).contains("number 99"));
        for (String name : names()) {
            assertTrue(Files.size(folder.resolve(name)) <= 3L * LINE_BYTES, name);
        }
    }

    @Test
    void onlyItsOwnerMayReadIt() throws Exception {
        try (RotatingFile log = open(2)) {
            log.write(Collections.nCopies(10, Records.admin("x")));
        }

        for (String name : names()) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))),
                    name);
        }
    }

    @Test
    void goesOnWithWhatIsThere() throws Exception {
        try (RotatingFile log = open(2)) {
            log.write(List.of(Records.admin("before")));
        }
        try (RotatingFile log = open(2)) {
            log.write(List.of(Records.admin("after")));
        }

        assertEquals(2, Files.readAllLines(file()).size());
    }

    @Test
    void aSingleFileStartsAnew() throws Exception {
        try (RotatingFile log = open(1)) {
            log.write(Collections.nCopies(10, Records.admin("x")));
        }

        assertEquals(List.of("admin.log"), names());
        assertTrue(Files.size(file()) <= 3L * LINE_BYTES);
    }
}
