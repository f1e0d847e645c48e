package io.postern.run.connector.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An archive can put files where they belong, and nowhere else.
class ArchiveTest {
    @TempDir
    Path folder;

    private Path archive;
    private Path target;

    @BeforeEach
    void make() throws IOException {
        archive = folder.resolve("a.zip");
        target = Files.createDirectory(folder.resolve("target"));
    }

    @Test
    void unpacksWhatWasPacked() throws IOException {
        Path from = installation();
        Archive.pack(from, archive);

        Archive.unpack(archive, target);

        assertTrue(Files.isExecutable(target.resolve("bin/postern")));
        assertEquals("jar", Files.readString(target.resolve("lib/connector/a-1.0.jar")));
        assertFalse(Files.exists(target.resolve("lib/connector/notes.txt")), "only jars are packed");
        assertTrue(Archive.isWhole(target));
    }

    @Test
    void packsTheSameBytesEachTime() throws IOException {
        Path from = installation();
        Archive.pack(from, archive);
        Path again = folder.resolve("b.zip");
        Archive.pack(from, again);

        assertArrayEquals(Files.readAllBytes(archive), Files.readAllBytes(again));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.jar",
                "lib/connector/../../../evil.jar",
                "/etc/cron.d/evil",
                "lib/connector/sub/evil.jar",
                "lib\\connector\\evil.jar",
                "lib/connector/.hidden.jar",
                "lib/connector/evil.sh",
                "bin/postern/",
                "bin/bash",
                "lib/connector/a\u0000b.jar"
            })
    void refusesAnyOtherPathBeforeItWritesAnything(String name) throws IOException {
        write(List.of("bin/postern", "lib/connector/a.jar", name));

        assertThrows(ReleaseFault.class, () -> Archive.unpack(archive, target));

        try (Stream<Path> left = Files.walk(folder)) {
            assertEquals(List.of(folder, archive, target), left.sorted().toList(), "nothing was written anywhere");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bin/postern", "lib/connector/a.jar"})
    void refusesHalfAnInstallation(String only) throws IOException {
        write(List.of(only));

        assertThrows(ReleaseFault.class, () -> Archive.unpack(archive, target));
    }

    @Test
    void refusesWhatIsNoArchive() throws IOException {
        Files.writeString(archive, "no zip");

        assertThrows(ReleaseFault.class, () -> Archive.unpack(archive, target));
    }

    @Test
    void refusesManyEntries() throws IOException {
        write(Stream.concat(
                        Stream.of("bin/postern"),
                        Stream.iterate(0, i -> i + 1).limit(501).map(i -> "lib/connector/a" + i + ".jar"))
                .toList());

        assertThrows(ReleaseFault.class, () -> Archive.unpack(archive, target));
    }

    private Path installation() throws IOException {
        Path from = folder.resolve("from");
        Files.createDirectories(from.resolve("bin"));
        Files.createDirectories(from.resolve("lib/connector"));
        Files.writeString(from.resolve("bin/postern"), "#!/bin/sh\n");
        Files.writeString(from.resolve("lib/connector/a-1.0.jar"), "jar");
        Files.writeString(from.resolve("lib/connector/notes.txt"), "no jar");
        return from;
    }

    private void write(List<String> names) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write('x');
                zip.closeEntry();
            }
        }
    }
}
