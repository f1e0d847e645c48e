package io.postern.connector.enroll;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.base.PasswordSeal;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The connector's folder: a lock for one process, and the identity. The lock's holder writes its process id into
/// the file: an updater holds it for the processes that it starts, old and new side by side, and they check
/// that it is their own parent who does.
///
/// The identity is a folder of its own. It is written beside its place, every file and folder is
/// forced to the disk, and a rename puts it there: a crash at any moment leaves either no identity
/// or a whole one.
///
///     identity.new-* ──whole──▶ identity.next ──used──▶ identity ──replaced──▶ identity.old-* ──▶ gone
public final class DataFolder implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final String SEAL = "seal.key";
    private static final String IDENTITY = "identity";
    private static final String NEXT = "identity.next";
    private static final String KEY = "key.pem";
    private static final String CERTIFICATE = "certificate.pem";
    private static final String AUTHORITY = "authority.pem";
    private static final String CONNECTOR = "connector.json";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final FileChannel lockFile;
    private final @org.jspecify.annotations.Nullable FileLock lock;

    private DataFolder(Path folder, FileChannel lockFile, @org.jspecify.annotations.Nullable FileLock lock) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /// Makes the folder where it is missing and locks it for this process.
    ///
    /// @throws ConnectorFault when it cannot be written or another connector holds it
    public static DataFolder open(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder.toAbsolutePath().getParent());
                Files.createDirectory(folder, attributes(folder, OWNER_ONLY_FOLDER));
            }
            FileChannel channel = lockFile(folder);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new ConnectorFault(
                        Kind.DATA,
                        "the data folder " + folder + " is in use by another connector; stop that one first or give"
                                + " this one its own --data");
            }
            ByteBuffer holder = ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8));
            channel.truncate(0);
            channel.write(holder, 0);
            return new DataFolder(folder, channel, lock);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /// For a process whose parent holds the folder for it.
    ///
    /// @param parent the process that must hold the lock
    /// @throws ConnectorFault when nobody or another holds it
    public static DataFolder openUnder(long parent, Path folder) {
        try {
            FileChannel channel = lockFile(folder);
            FileLock lock = tryLock(channel);
            ByteBuffer text = ByteBuffer.allocate(32);
            channel.read(text, 0);
            String holder = new String(text.array(), 0, text.position(), UTF_8).strip();
            if (lock != null || !holder.equals(Long.toString(parent))) {
                channel.close();
                throw new ConnectorFault(
                        Kind.DATA,
                        "the data folder " + folder + " is not held by the process that started this one (" + parent
                                + "); --process is for the updater only");
            }
            return new DataFolder(folder, channel, null);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /// @return empty before the first enrolment
    /// @throws ConnectorFault when the files are damaged or others may read the key
    public Optional<Identity> identity() {
        try {
            mend();
        } catch (IOException e) {
            throw unusable(folder, e);
        }
        return read(folder.resolve(IDENTITY));
    }

    /// The renewed identity that has not been used yet.
    ///
    /// @throws ConnectorFault as [#identity()]
    public Optional<Identity> next() {
        return read(folder.resolve(NEXT));
    }

    /// The identity in a folder that another process may hold: for checks, which change nothing.
    ///
    /// @throws ConnectorFault as [#identity()]
    public static Optional<Identity> peek(Path folder) {
        return read(folder.resolve(IDENTITY));
    }

    private static Optional<Identity> read(Path place) {
        if (!Files.isDirectory(place)) {
            return Optional.empty();
        }
        try {
            refuseWide(place);
            refuseWide(place.resolve(KEY));
            JsonNode about = JSON.readTree(Files.readString(place.resolve(CONNECTOR)));
            return Optional.of(new Identity(
                    about.path("connectorId").asString(""),
                    about.path("tenant").asString(""),
                    about.path("group").asString(""),
                    Pem.key(Files.readString(place.resolve(KEY))),
                    Pem.certificates(Files.readString(place.resolve(CERTIFICATE))),
                    Pem.certificates(Files.readString(place.resolve(AUTHORITY))).getFirst()));
        } catch (IOException | GeneralSecurityException | JacksonException | IllegalArgumentException e) {
            throw new ConnectorFault(
                    Kind.DATA,
                    "the identity in " + place + " cannot be read (" + reason(e) + "); restore it, or delete that"
                            + " folder and enrol again with a new token",
                    e);
        }
    }

    /// Keeps the identity for good, in place of one that was there: when this returns, it survives a power cut.
    ///
    /// @throws ConnectorFault when the disk refuses; then what was there is there still
    public void keep(Identity identity) {
        keepNext(identity);
        promote();
    }

    /// Keeps a renewed identity beside the one in use, for good.
    ///
    /// @throws ConnectorFault when the disk refuses
    public void keepNext(Identity identity) {
        Path place = folder.resolve(NEXT);
        try {
            clearLeftovers();
            FolderTree.delete(place);
            Path draft = Files.createTempDirectory(folder, "identity.new-", attributes(folder, OWNER_ONLY_FOLDER));
            write(draft.resolve(KEY), Pem.encode(identity.key()));
            write(draft.resolve(CERTIFICATE), Pem.encode(identity.certificates()));
            write(draft.resolve(AUTHORITY), Pem.encode(List.of(identity.authority())));
            write(
                    draft.resolve(CONNECTOR),
                    JSON.writeValueAsString(Map.of(
                                    "connectorId", identity.connectorId(),
                                    "tenant", identity.tenant(),
                                    "group", identity.group()))
                            + "\n");
            force(draft);
            Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
            force(folder);
        } catch (IOException | GeneralSecurityException e) {
            throw new ConnectorFault(
                    Kind.DATA,
                    "the identity cannot be written to " + place + " (" + reason(e) + "); free space or fix the"
                            + " permissions and enrol with a new token",
                    e);
        }
    }

    /// The renewed identity has been used: it takes the place of the old one, which is deleted.
    ///
    /// @throws ConnectorFault when the disk refuses; the next start finds both and goes on
    public void promote() {
        Path place = folder.resolve(IDENTITY);
        try {
            if (Files.isDirectory(place)) {
                Path old = folder.resolve("identity.old-" + Long.toHexString(System.nanoTime()));
                Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
            }
            if (Files.isDirectory(folder.resolve(NEXT))) { // else a process beside this one has just mended
                Files.move(folder.resolve(NEXT), place, StandardCopyOption.ATOMIC_MOVE);
            }
            force(folder);
            clearLeftovers();
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /// The renewed identity is of no use: the service does not know it.
    public void discardNext() {
        try {
            FolderTree.delete(folder.resolve(NEXT));
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /// A crash in [#promote()] may have left no identity in its place, but one beside it.
    private void mend() throws IOException {
        Path place = folder.resolve(IDENTITY);
        if (Files.isDirectory(place)) {
            return;
        }
        if (Files.isDirectory(folder.resolve(NEXT))) {
            Files.move(folder.resolve(NEXT), place, StandardCopyOption.ATOMIC_MOVE);
            force(folder);
        }
    }

    /// The key with which this connector opens what is sealed for it alone; made with the first call. It outlives
    /// renewals of the identity.
    ///
    /// @throws ConnectorFault when the file is damaged, or others may read it
    public PasswordSeal seal() {
        Path file = folder.resolve(SEAL);
        try {
            if (!Files.exists(file)) {
                write(file, PasswordSeal.create().stored() + "\n");
                force(folder);
            }
            refuseWide(file);
            return PasswordSeal.of(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConnectorFault(
                    Kind.DATA,
                    "the key " + file + " cannot be read (" + reason(e) + "); restore it, or delete it: then passwords"
                            + " come again from the other connectors of the group, or have to be set anew",
                    e);
        }
    }

    /// Finds out before a token is spent whether [#keep(Identity)] can work.
    public void probe() {
        try {
            Path probe = Files.createTempFile(folder, "probe-", "", attributes(folder, OWNER_ONLY));
            try {
                Files.write(probe, new byte[64 * 1024]);
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    @Override
    public void close() {
        try (lockFile) {
            if (lock != null) {
                lock.release();
            }
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private static FileChannel lockFile(Path folder) throws IOException {
        return FileChannel.open(
                folder.resolve("connector.lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                attributes(folder, OWNER_ONLY));
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    private void clearLeftovers() throws IOException {
        try (var leftovers = Files.newDirectoryStream(folder, "identity.{new,old}-*")) {
            for (Path leftover : leftovers) {
                FolderTree.delete(leftover);
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (var channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes(file.toAbsolutePath().getParent(), OWNER_ONLY))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void refuseWide(Path path) throws IOException {
        if (!isPosix(path)) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        if (!OWNER_ONLY_FOLDER.containsAll(permissions)) {
            String mode = Files.isDirectory(path) ? "700" : "600";
            throw new ConnectorFault(
                    Kind.DATA,
                    path + " may be read by other users (" + PosixFilePermissions.toString(permissions)
                            + "); run 'chmod " + mode + " " + path + "', and enrol again if somebody may have copied"
                            + " the key");
        }
    }

    private static FileAttribute<?>[] attributes(
            @org.jspecify.annotations.Nullable Path near, Set<PosixFilePermission> permissions) {
        return near != null && !isPosix(near)
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static ConnectorFault unusable(Path folder, IOException e) {
        return new ConnectorFault(
                Kind.DATA,
                "the data folder " + folder + " cannot be used (" + reason(e) + "); give another one with --data or"
                        + " make it writable for this user",
                e);
    }

    private static String reason(Exception e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case java.nio.file.NoSuchFileException missing -> "missing: " + missing.getFile();
            case java.nio.file.FileAlreadyExistsException there -> "it is no folder: " + there.getFile();
            default -> String.valueOf(e.getMessage());
        };
    }
}
