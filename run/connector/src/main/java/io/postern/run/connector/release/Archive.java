package io.postern.run.connector.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// The archive of a release: `bin/postern` and `lib/connector/*.jar` in a zip, nothing else. What it may hold is said
/// by name, so a path that climbs out, a link or a surprise is refused before a byte of it is written.
public final class Archive {
    /// The starter, and jars; no folders, no other files.
    private static final Pattern ALLOWED =
            Pattern.compile("bin/postern|lib/connector/[A-Za-z0-9][A-Za-z0-9._+-]{0,150}\\.jar");

    private static final int ENTRIES_MAX = 500;

    /// A real one unpacks to 14 MB, and jars hardly shrink.
    private static final long UNPACKED_BYTES_MAX = 512L * 1024 * 1024;

    /// The same bytes for the same content, whenever it is packed.
    private static final LocalDateTime STAMP = LocalDateTime.of(2020, 1, 1, 0, 0);

    private Archive() {}

    /// Packs a folder that `bin/postern` has assembled.
    ///
    /// @param target written anew
    public static void pack(Path folder, Path target) {
        try (var files = Files.list(folder.resolve("lib/connector"));
                var zip = new ZipOutputStream(Files.newOutputStream(target))) {
            List<Path> jars =
                    files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
            for (Path file : Stream.concat(Stream.of(folder.resolve("bin/postern")), jars.stream())
                    .toList()) {
                var entry = new ZipEntry(folder.relativize(file).toString());
                entry.setTimeLocal(STAMP);
                zip.putNextEntry(entry);
                Files.copy(file, zip);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new ReleaseFault(
                    "the archive " + target + " cannot be made of " + folder + " (" + e + "); give the folder of an"
                            + " installation, with bin/postern and lib/connector",
                    e);
        }
    }

    /// Unpacks into a folder that exists and is empty. When it throws, the folder may hold a part.
    ///
    /// @throws ReleaseFault for whatever is no archive of a release
    public static void unpack(Path archive, Path folder) {
        try (var zip = new ZipFile(archive.toFile())) {
            if (zip.size() > ENTRIES_MAX) {
                throw new ReleaseFault("the archive has " + zip.size() + " entries, more than " + ENTRIES_MAX);
            }
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                String name = all.nextElement().getName();
                if (!ALLOWED.matcher(name).matches()) {
                    throw new ReleaseFault("the archive holds '" + printable(name)
                            + "'; only bin/postern and lib/connector/*.jar belong there");
                }
            }
            Files.createDirectory(folder.resolve("bin"));
            Files.createDirectories(folder.resolve("lib/connector"));
            long left = UNPACKED_BYTES_MAX;
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                try (InputStream in = zip.getInputStream(entry)) {
                    left -= copy(in, folder.resolve(entry.getName()), left);
                }
            }
            requireWhole(folder);
        } catch (IOException e) {
            throw new ReleaseFault("the archive cannot be unpacked (" + e.getMessage() + ")", e);
        }
    }

    public static String sha256(Path file) {
        try (var in = new DigestInputStream(Files.newInputStream(file), digest())) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (IOException e) {
            throw new ReleaseFault("the archive " + file + " cannot be read (" + e + ")", e);
        }
    }

    /// True where a starter and jars lie, as a whole version has them.
    public static boolean isWhole(Path folder) {
        Path starter = folder.resolve("bin/postern");
        try (var jars = Files.newDirectoryStream(folder.resolve("lib/connector"), "*.jar")) {
            return Files.isRegularFile(starter, LinkOption.NOFOLLOW_LINKS)
                    && Files.isExecutable(starter)
                    && jars.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    private static void requireWhole(Path folder) throws IOException {
        Path starter = folder.resolve("bin/postern");
        if (Files.exists(starter)) {
            Files.setPosixFilePermissions(starter, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        if (!isWhole(folder)) {
            throw new ReleaseFault("the archive lacks bin/postern or lib/connector/*.jar");
        }
    }

    /// A name that comes twice fails here: no file is written over.
    private static long copy(InputStream in, Path target, long left) throws IOException {
        long written = 0;
        try (OutputStream out =
                Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] piece = new byte[64 * 1024];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                written += n;
                if (written > left) {
                    throw new ReleaseFault("the archive unpacks to more than " + UNPACKED_BYTES_MAX + " bytes");
                }
                out.write(piece, 0, n);
            }
        }
        return written;
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String printable(String name) {
        return name.substring(0, Math.min(name.length(), 100)).replaceAll("[^\\x20-\\x7e]", "?");
    }
}
