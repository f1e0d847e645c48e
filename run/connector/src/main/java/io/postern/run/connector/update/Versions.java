package io.postern.run.connector.update;

import io.postern.connector.enroll.FolderTree;
import io.postern.run.connector.release.Archive;
import io.postern.run.connector.release.Manifest;
import io.postern.run.connector.release.ReleaseFault;
import io.postern.run.connector.release.Version;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The installed versions, side by side:
///
///     versions/1.2.0/bin/postern, lib/connector/*.jar
///     versions/1.3.0/...
///     versions/current          the text 1.3.0: what a start takes
///
/// A version is unpacked beside its place and put there by one rename; `current` is replaced by one rename. A crash
/// at any moment leaves the old version in force, or the new one. What the updater itself came with is not here: it
/// is used until something newer has been proved.
final class Versions {
    /// A version that can be run.
    record Installed(Version version, Path starter) {}

    private static final String CURRENT = "current";

    private final Path folder;
    private final Installed own;

    private Versions(Path folder, Installed own) {
        this.folder = folder;
        this.own = own;
    }

    /// @param own what the updater came with
    /// @throws ReleaseFault when the folder cannot be used
    static Versions open(Path folder, Installed own) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return new Versions(folder, own);
        } catch (IOException e) {
            throw new ReleaseFault("the folder for versions, " + folder + ", cannot be made (" + e + ")", e);
        }
    }

    /// What a start takes: the version that was proved last, unless the updater came with a newer one.
    Installed current() {
        return recorded().filter(v -> v.version().compareTo(own.version()) > 0).orElse(own);
    }

    private Optional<Installed> recorded() {
        try {
            Version version =
                    Version.parse(Files.readString(folder.resolve(CURRENT)).strip());
            Path place = folder.resolve(version.toString());
            return Archive.isWhole(place)
                    ? Optional.of(new Installed(version, place.resolve("bin/postern")))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // none yet, or damaged: what came with the updater is whole
        }
    }

    boolean isRecorded(Version version) {
        return recorded().map(Installed::version).equals(Optional.of(version));
    }

    /// Unpacks a verified archive. What lay at the version's place goes.
    ///
    /// @throws ReleaseFault when it is no archive of a connector, or the disk refuses; then nothing is there
    Installed install(Manifest manifest, Source source) {
        Path place = folder.resolve(manifest.version().toString());
        try {
            clearDrafts();
            Path draft = Files.createTempDirectory(folder, ".new-");
            try {
                Path archive = draft.resolve("archive.zip");
                source.archive(manifest, archive);
                Path unpacked = Files.createDirectory(draft.resolve("unpacked"));
                Archive.unpack(archive, unpacked);
                FolderTree.delete(place);
                Files.move(unpacked, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                FolderTree.delete(draft);
            }
            return new Installed(manifest.version(), place.resolve("bin/postern"));
        } catch (IOException e) {
            throw new ReleaseFault(
                    "version " + manifest.version() + " cannot be installed in " + folder + " (" + e
                            + "); free space or fix the permissions",
                    e);
        }
    }

    /// From now on a start takes this one. Every version but it and the one before goes.
    void makeCurrent(Version version) {
        Version before = current().version();
        try {
            Path draft = folder.resolve(CURRENT + ".new");
            try (var file = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                file.write(java.nio.charset.StandardCharsets.US_ASCII.encode(version + "\n"));
                file.force(true);
            }
            Files.move(draft, folder.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE);
            for (Version other : installed()) {
                if (!other.equals(version) && !other.equals(before)) {
                    FolderTree.delete(folder.resolve(other.toString()));
                }
            }
        } catch (IOException e) {
            throw new ReleaseFault("version " + version + " cannot be made the current one (" + e + ")", e);
        }
    }

    /// A version that did not stand its trial, or does not start any more.
    void remove(Version version) {
        try {
            if (isRecorded(version)) {
                Files.deleteIfExists(folder.resolve(CURRENT));
            }
            FolderTree.delete(folder.resolve(version.toString()));
        } catch (IOException e) {
            throw new ReleaseFault("version " + version + " cannot be removed from " + folder + " (" + e + ")", e);
        }
    }

    List<Version> installed() throws IOException {
        var versions = new ArrayList<Version>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (Version.isVersion(name)) { // else no folder of ours
                    versions.add(Version.parse(name));
                }
            }
        }
        return versions;
    }

    private void clearDrafts() throws IOException {
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, ".new-*")) {
            for (Path draft : drafts) {
                FolderTree.delete(draft);
            }
        }
    }
}
