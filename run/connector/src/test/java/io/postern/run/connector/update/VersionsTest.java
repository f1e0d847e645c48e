package io.postern.run.connector.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.run.connector.release.Archive;
import io.postern.run.connector.release.Manifest;
import io.postern.run.connector.release.ReleaseFault;
import io.postern.run.connector.release.ReleaseKeys;
import io.postern.run.connector.release.Version;
import io.postern.run.connector.update.Versions.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Versions lie side by side, and only one rename decides which is in force.
class VersionsTest {
    private static final KeyPair KEYS = ReleaseKeys.generate();
    private static final Source.Web UNUSED = uri -> {
        throw new IOException("all that is asked for here lies in files");
    };

    @TempDir
    Path folder;

    private Installed own;
    private Versions versions;

    @BeforeEach
    void open() {
        own = new Installed(Version.parse("1.0.0"), folder.resolve("package/bin/postern"));
        versions = Versions.open(folder.resolve("versions"), own);
    }

    @Test
    void takesWhatTheUpdaterCameWithAtFirst() {
        assertEquals(own, versions.current());
    }

    @Test
    void installsBesideAndTakesItOnlyWhenTold() throws IOException {
        Installed next = install("1.1.0");

        assertTrue(Files.isExecutable(next.starter()));
        assertEquals(own, versions.current());
        versions.makeCurrent(next.version());
        assertEquals(next, versions.current());
        assertEquals(next, Versions.open(folder.resolve("versions"), own).current(), "after a restart too");
    }

    @Test
    void prefersANewerPackage() throws IOException {
        versions.makeCurrent(install("1.1.0").version());
        var newer = new Installed(Version.parse("2.0.0"), own.starter());

        assertEquals(newer, Versions.open(folder.resolve("versions"), newer).current());
    }

    @Test
    void keepsTheOneBeforeAndNoOlder() throws IOException {
        for (String version :
                Set.of("1.1.0", "1.2.0", "1.3.0").stream().sorted().toList()) {
            versions.makeCurrent(install(version).version());
        }

        assertEquals(
                Set.of("1.2.0", "1.3.0"),
                versions.installed().stream().map(Version::toString).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void forgetsAVersionThatIsRemoved() throws IOException {
        Installed next = install("1.1.0");
        versions.makeCurrent(next.version());

        versions.remove(next.version());

        assertEquals(own, versions.current());
        assertFalse(Files.exists(next.starter()));
    }

    @Test
    void goesBackToThePackageWhenTheCurrentOneIsDamaged() throws IOException {
        Installed next = install("1.1.0");
        versions.makeCurrent(next.version());
        Files.delete(next.starter());

        assertEquals(own, versions.current());
    }

    @Test
    void leavesNothingOfAnArchiveWithAnotherSum() throws IOException {
        Path manifest = release("1.1.0");
        Files.write(folder.resolve("1.1.0.zip"), new byte[] {'x'}, StandardOpenOption.APPEND);
        assertNothingIsInstalled(manifest, "larger");

        byte[] archive = Files.readAllBytes(folder.resolve("1.1.0.zip"));
        archive[20] ^= 1;
        Files.write(folder.resolve("1.1.0.zip"), java.util.Arrays.copyOf(archive, archive.length - 1));
        assertNothingIsInstalled(manifest, "sha256");

        Files.write(folder.resolve("1.1.0.zip"), java.util.Arrays.copyOf(archive, archive.length - 2));
        assertNothingIsInstalled(manifest, "too early");
    }

    @Test
    void takesManifestsFromFilesAndHttpsOnly() {
        for (String place : new String[] {"http://updates.example/m", "ftp://updates.example/m", "jar:file://x"}) {
            assertThrows(ReleaseFault.class, () -> Source.of(place, KEYS.getPublic(), UNUSED), place);
        }
    }

    private void assertNothingIsInstalled(Path manifest, String why) throws IOException {
        Source source = Source.of(manifest.toString(), KEYS.getPublic(), UNUSED);
        ReleaseFault fault = assertThrows(ReleaseFault.class, () -> versions.install(source.manifest(), source));
        assertTrue(String.valueOf(fault.getMessage()).contains(why), fault.getMessage());
        try (var left = Files.list(folder.resolve("versions"))) {
            assertEquals(0, left.count());
        }
    }

    private Installed install(String version) throws IOException {
        Source source = Source.of(release(version).toString(), KEYS.getPublic(), UNUSED);
        return versions.install(source.manifest(), source);
    }

    private Path release(String version) throws IOException {
        Path from = folder.resolve("from-" + version);
        Files.createDirectories(from.resolve("bin"));
        Files.createDirectories(from.resolve("lib/connector"));
        Files.writeString(from.resolve("bin/postern"), "#!/bin/sh\n");
        Files.writeString(from.resolve("lib/connector/a.jar"), version);
        Path archive = folder.resolve(version + ".zip");
        Archive.pack(from, archive);
        Path manifest = folder.resolve(version + ".manifest");
        var made = new Manifest(
                Version.parse(version),
                archive.getFileName().toString(),
                Files.size(archive),
                Archive.sha256(archive),
                Instant.parse("2026-11-21T10:00:00Z"));
        Files.writeString(manifest, made.sign(KEYS.getPrivate()));
        return manifest;
    }
}
