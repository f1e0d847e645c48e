package io.postern.run.connector.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// A log in a file of mode 600. Grown to its size it becomes `NAME.1`, what was `NAME.1` becomes `NAME.2`, and the
/// oldest goes. Used by one thread.
final class RotatingFile implements LogSink {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path file;
    private final long bytesMax;
    private final int files;
    private final Predicate<LogRecord> isMeant;
    private OutputStream out;
    private long bytes;

    private RotatingFile(Path file, long bytesMax, int files, Predicate<LogRecord> isMeant) throws IOException {
        this.file = file;
        this.bytesMax = bytesMax;
        this.files = files;
        this.isMeant = isMeant;
        this.out = append();
    }

    /// Opens the file, or goes on with it.
    ///
    /// @param files kept in all
    /// @param isMeant which records belong here
    static RotatingFile open(Path file, long bytesMax, int files, Predicate<LogRecord> isMeant) throws IOException {
        return new RotatingFile(file, bytesMax, files, isMeant);
    }

    @Override
    public void write(List<LogRecord> records) throws IOException {
        for (LogRecord record : records) {
            if (isMeant.test(record)) {
                write(line(record).getBytes(StandardCharsets.UTF_8));
            }
        }
        out.flush();
    }

    private void write(byte[] line) throws IOException {
        if (bytes > 0 && bytes + line.length > bytesMax) {
            rotate();
        }
        out.write(line);
        bytes += line.length;
    }

    private static String line(LogRecord record) {
        return TIME.format(record.time())
                + ' '
                + record.level()
                + (record.event() == 0 ? "" : " " + record.event())
                + ' '
                + record.logger()
                + ' '
                + record.text()
                + '\n';
    }

    private void rotate() throws IOException {
        out.close();
        for (int number = files - 1; number > 0; number--) {
            Path older = numbered(number - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (files == 1) {
            Files.delete(file);
        }
        out = append();
    }

    private Path numbered(int number) {
        return number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number);
    }

    private OutputStream append() throws IOException {
        var channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), OWNER_ONLY);
        bytes = channel.size();
        return Channels.newOutputStream(channel);
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
