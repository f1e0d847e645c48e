package io.postern.store.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteDataSource;

/// A few platform threads with a connection each, and a fair queue before them. SQLite's driver runs native
/// code that would hold a virtual thread's carrier; here callers wait without one. One thread makes a
/// lane of one writer.
final class SqliteLane implements AutoCloseable, ConnectionFactory {
    enum Mode {
        READS,
        WRITES
    }

    private final SQLiteDataSource database;
    private final String mode;
    private final ExecutorService threads;
    private final Deque<Connection> idle = new ArrayDeque<>(); // guarded by itself
    private final Jdbi jdbi = Jdbi.create(this);

    SqliteLane(String name, int width, SQLiteDataSource database, Mode mode) {
        this.database = database;
        this.mode = mode == Mode.READS ? "TRUE" : "FALSE";
        this.threads = Executors.newFixedThreadPool(
                width,
                Thread.ofPlatform().name("store-" + name + "-", 1).daemon().factory());
    }

    /// Runs `work` on a thread of the lane and waits for its end, interrupted or not: the caller must learn
    /// whether its change was made.
    <T> T call(Callable<T> work) {
        Future<T> future;
        try {
            future = threads.submit(work);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the store is closed", e);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    Jdbi jdbi() {
        return jdbi;
    }

    @Override
    public Connection openConnection() throws SQLException {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        Connection connection = database.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = " + mode);
        }
        return connection;
    }

    @Override
    public void closeConnection(Connection connection) {
        synchronized (idle) {
            idle.push(connection);
        }
    }

    /// Work under way finishes; work in the queue runs too.
    @Override
    public void close() throws SQLException {
        threads.close();
        for (Connection connection : idle) {
            connection.close();
        }
    }
}
