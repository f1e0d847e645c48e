package io.postern.store.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears of other nodes' changes by LISTEN on a connection of its own, on one virtual thread. The version is
/// read at each notification, after each reconnect, and every 30 s in case news was lost on the way.
final class PostgreSqlListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgreSqlListener.class);
    private static final String CHANNEL = "postern_configuration";
    private static final Duration POLL = Duration.ofSeconds(30);
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private final DatabaseAddress.PostgreSql address;
    private final LongConsumer onVersion;
    private final LongSupplier version;
    private final Semaphore closed = new Semaphore(0);
    private volatile @Nullable Connection connection;

    PostgreSqlListener(DatabaseAddress.PostgreSql address, LongConsumer onVersion, LongSupplier version) {
        this.address = address;
        this.onVersion = onVersion;
        this.version = version;
        Thread.ofVirtual().name("store-listener").start(this::run);
    }

    /// Part of the transaction: the server sends it with the commit.
    static void announce(Handle handle) {
        handle.execute("NOTIFY " + CHANNEL);
    }

    @Override
    public void close() {
        closed.release();
        Connection open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("aborting the listener's connection", e);
            }
        }
    }

    private void run() {
        try {
            do {
                try {
                    listen();
                } catch (SQLException | RuntimeException e) {
                    if (closed.availablePermits() == 0) {
                        LOG.warn("lost the notifications of database {}; connecting again: {}", address, e.toString());
                    }
                }
            } while (!closed.tryAcquire(RECONNECT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debug("listener interrupted", e);
        }
    }

    private void listen() throws SQLException {
        var properties = new Properties();
        address.user().ifPresent(user -> properties.setProperty("user", user));
        address.password().ifPresent(password -> properties.setProperty("password", password.reveal()));
        properties.setProperty("ApplicationName", "postern-listener");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("tcpKeepAlive", "true");
        try (Connection opened = DriverManager.getConnection(address.url(), properties);
                Statement statement = opened.createStatement()) {
            connection = opened;
            statement.execute("LISTEN " + CHANNEL);
            PGConnection postgres = opened.unwrap(PGConnection.class);
            while (closed.availablePermits() == 0) {
                onVersion.accept(version.getAsLong());
                postgres.getNotifications((int) POLL.toMillis());
            }
        } finally {
            connection = null;
        }
    }
}
