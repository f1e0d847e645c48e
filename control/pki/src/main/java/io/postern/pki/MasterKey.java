package io.postern.pki;

import io.postern.base.Secret;
import io.postern.store.Store;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The key file outside the database. It seals every private key and secret inside the database, so a
/// copy of the database alone is worth nothing. Whoever loses the file loses those secrets: back it up,
/// apart from the database. Immutable and thread-safe.
public final class MasterKey {
    private static final String PREFIX = "postern-master-key-1:";
    private static final int KEY_BYTES = 32;
    private static final String CHECK = "master-key-check";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNERS_FOLDER = PosixFilePermissions.fromString("rwx------");

    private final Path file;
    private final KeyRing ring;

    private MasterKey(Path file, byte[] key) {
        this.file = file;
        this.ring = new KeyRing(List.of(new KeyRing.Entry(1, Secret.of(key))));
    }

    /// Reads the key file, or makes it where there is none (0600, its folder 0700, on disk before this returns).
    ///
    /// @throws PkiFault when others may read or replace it, or it is no key file
    public static MasterKey loadOrCreate(Path file) {
        Path absolute = file.toAbsolutePath();
        try {
            if (Files.notExists(absolute)) {
                create(absolute);
            }
            refuseOpenDoors(absolute);
            return new MasterKey(absolute, parse(absolute, Files.readString(absolute)));
        } catch (IOException e) {
            throw new PkiFault(
                    "key file " + absolute + " cannot be read or made (" + e + "); check its folder and owner", e);
        }
    }

    /// Seals secrets of the database for one purpose, for example `signing-key`.
    public Sealer sealer(String purpose) {
        return new Sealer(ring, purpose);
    }

    /// Leaves a mark in a new database, and recognises it later.
    ///
    /// @throws PkiFault when the database was sealed with another key file
    public void verify(Store store) {
        Sealer sealer = sealer(CHECK);
        String mark = store.read(s -> s.secrets().find(CHECK))
                .orElseGet(() -> store.write(s ->
                        s.secrets().putIfAbsent(CHECK, sealer.seal(CHECK.getBytes(StandardCharsets.UTF_8), CHECK))));
        if (sealer.open(mark, CHECK).isEmpty()) {
            throw new PkiFault("key file " + file + " is not the one with which this database was sealed; put the right"
                    + " key file there (from the backup of this installation), or use the database that belongs to it");
        }
    }

    @Override
    public String toString() {
        return "MasterKey[" + file + "]";
    }

    private static void create(Path file) throws IOException {
        Path folder = Files.createDirectories(file.getParent(), PosixFilePermissions.asFileAttribute(OWNERS_FOLDER));
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(key) + "\n";
        Path draft = Files.createTempFile(folder, ".key-", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
                channel.force(true);
            }
            Files.createLink(file, draft); // all of the key or none, and never over an existing one
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (FileAlreadyExistsException e) {
            // another process was quicker: its key counts
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void refuseOpenDoors(Path file) throws IOException {
        if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            throw new PkiFault(
                    "key file " + file + " may be used by others (" + mode(file) + "); run: chmod 600 " + file);
        }
        Path folder = Objects.requireNonNull(file.getParent(), "a file is in a folder");
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(folder);
        if (rights.contains(PosixFilePermission.GROUP_WRITE) || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new PkiFault("others could replace the key file in folder " + folder + " (" + mode(folder)
                    + "); run: chmod 700 " + folder);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static byte[] parse(Path file, String text) {
        String line = text.strip();
        try {
            byte[] key = line.startsWith(PREFIX)
                    ? Base64.getUrlDecoder().decode(line.substring(PREFIX.length()))
                    : new byte[0];
            if (key.length == KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            throw notAKey(file);
        }
        throw notAKey(file);
    }

    private static PkiFault notAKey(Path file) {
        return new PkiFault("file " + file + " is not a Postern key file or is damaged; restore it from a backup");
    }
}
