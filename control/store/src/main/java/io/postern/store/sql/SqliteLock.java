package io.postern.store.sql;

import io.postern.store.StoreUnavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// One service process for each SQLite file: a second one would answer from an old picture, since only
/// PostgreSQL tells nodes of each other's changes. The lock lies on a file beside the database, so tools
/// that copy or inspect the database still work; it ends with the process, however that ends.
final class SqliteLock implements AutoCloseable {
    private final FileChannel channel;

    private SqliteLock(FileChannel channel) {
        this.channel = channel;
    }

    static SqliteLock take(Path database) throws IOException {
        Path file = database.resolveSibling(database.getFileName() + ".lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(database, " (process " + Files.readString(file).strip() + ")");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            return new SqliteLock(channel);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(database, " (this process)");
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static StoreUnavailable inUse(Path database, String holder) {
        return new StoreUnavailable("database " + database + " is in use by another Postern process" + holder
                + "; stop that one, choose another data folder, or use PostgreSQL for several processes");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
