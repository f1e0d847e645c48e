package io.postern.run.connector;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A zip file that only its owner may read, of texts from which secrets were struck out on the way in: nothing
/// gets past [Strike], whatever gathered it.
final class SupportBundle implements AutoCloseable {
    private final ZipOutputStream zip;
    private final Strike strike;
    private final List<String> entries = new ArrayList<>();

    private SupportBundle(OutputStream file, Strike strike) {
        this.zip = new ZipOutputStream(file, StandardCharsets.UTF_8);
        this.strike = strike;
    }

    /// @throws IOException also when there is such a file already: it may be somebody's
    static SupportBundle create(Path file, Strike strike) throws IOException {
        boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
        return new SupportBundle(Channels.newOutputStream(channel), strike);
    }

    void add(String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(strike.clean(text).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
        entries.add(name);
    }

    List<String> entries() {
        return List.copyOf(entries);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
