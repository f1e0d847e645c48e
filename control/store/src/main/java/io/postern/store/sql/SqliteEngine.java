package io.postern.store.sql;

import io.postern.store.StoreUnavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// SQLite in one file: one writer, a few readers that see the last commit (WAL), and each commit on disk
/// before it is acknowledged.
final class SqliteEngine implements Engine {
    private static final int READERS = 4;
    // a backup tool may hold the file for a moment
    private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

    private final DatabaseAddress.Sqlite address;
    private final SqliteLock lock;
    private final SqliteLane writer;
    private final SqliteLane readers;

    private SqliteEngine(DatabaseAddress.Sqlite address, SqliteLock lock) {
        this.address = address;
        this.lock = lock;
        this.writer = new SqliteLane(
                "writer", 1, database(address.file(), SQLiteConfig.TransactionMode.IMMEDIATE), SqliteLane.Mode.WRITES);
        this.readers = new SqliteLane(
                "reader",
                READERS,
                database(address.file(), SQLiteConfig.TransactionMode.DEFERRED),
                SqliteLane.Mode.READS);
    }

    static Engine open(DatabaseAddress.Sqlite address) {
        SqliteEngine engine;
        try {
            create(address.file());
            engine = new SqliteEngine(address, SqliteLock.take(address.file()));
        } catch (IOException e) {
            throw new StoreUnavailable(
                    "database " + address + " cannot be opened (" + e + "); check the folder, its owner and free space",
                    e);
        }
        try {
            engine.migrate();
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    @Override
    public <T> T read(Function<Handle, T> work) {
        return guarded(readers, () -> readers.jdbi().inTransaction(work::apply));
    }

    @Override
    public <T> T write(Function<Handle, T> work) {
        return guarded(writer, () -> writer.jdbi().inTransaction(work::apply));
    }

    @Override
    public void announce(Handle handle) {
        // no other node can have this file open
    }

    @Override
    public void follow(LongConsumer onVersion) {
        // no other node can have this file open
    }

    @Override
    public void close() {
        try (lock;
                writer;
                readers) {
            readers.call(() -> true); // let what was asked before finish first
        } catch (SQLException | IOException e) {
            throw new StoreUnavailable("database " + address + " did not close cleanly; nothing committed is lost", e);
        }
    }

    private void migrate() {
        guarded(writer, () -> {
            Migrations.run(
                    database(address.file(), SQLiteConfig.TransactionMode.IMMEDIATE),
                    address,
                    Map.of("text", "TEXT", "sequence", "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"));
            return true;
        });
    }

    private <T> T guarded(SqliteLane lane, Callable<T> work) {
        return lane.call(() -> {
            try {
                return work.call();
            } catch (RuntimeException e) {
                throw SqliteFaults.translate(e, address);
            }
        });
    }

    static SQLiteDataSource database(Path file, SQLiteConfig.TransactionMode mode) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL); // in WAL mode NORMAL could lose the last commits
        config.enforceForeignKeys(true);
        config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
        config.setTransactionMode(mode);
        var database = new SQLiteDataSource(config);
        database.setUrl("jdbc:sqlite:" + file);
        return database;
    }

    /// An empty file that only its owner can read: SQLite gives its companions the same rights.
    private static void create(Path file) throws IOException {
        Path folder = Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (Files.notExists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true); // the file's name must survive a power cut too
            }
        }
    }
}
