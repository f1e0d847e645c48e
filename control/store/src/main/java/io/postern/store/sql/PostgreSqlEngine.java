package io.postern.store.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.postern.store.StoreUnavailable;
import io.postern.store.sql.table.Tables;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/// PostgreSQL: transactions run on the caller's thread with a pooled connection. Writers do not wait for
/// each other; where their changes would not come out as one after the other the server refuses the later
/// one (SERIALIZABLE) and it is tried again.
final class PostgreSqlEngine implements Engine {
    private static final int CONNECTIONS = 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    // our statements take milliseconds: an answer this late comes from a server that is gone
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration RETRY_FOR = Duration.ofSeconds(10);

    private final DatabaseAddress.PostgreSql address;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private @Nullable PostgreSqlListener listener;

    private PostgreSqlEngine(DatabaseAddress.PostgreSql address, HikariDataSource pool) {
        this.address = address;
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    static Engine open(DatabaseAddress.PostgreSql address) {
        var config = new HikariConfig();
        config.setPoolName("store");
        config.setJdbcUrl(address.url());
        address.user().ifPresent(config::setUsername);
        address.password().ifPresent(password -> config.setPassword(password.reveal()));
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        config.setInitializationFailTimeout(1);
        config.addDataSourceProperty("ApplicationName", "postern");
        config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT.toSeconds());
        config.addDataSourceProperty("socketTimeout", ANSWER_TIMEOUT.toSeconds());
        config.addDataSourceProperty("tcpKeepAlive", true);
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw PostgreSqlFaults.translate(e, address);
        }
        var engine = new PostgreSqlEngine(address, pool);
        try {
            engine.prepare();
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw PostgreSqlFaults.translate(e, address);
        }
    }

    @Override
    public <T> T read(Function<Handle, T> work) {
        Supplier<T> transaction = () -> jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            handle.setReadOnly(true);
            return work.apply(handle);
        });
        try {
            return retried(transaction);
        } catch (StoreUnavailable e) {
            if (!PostgreSqlFaults.isLostConnection(e)) {
                throw e;
            }
            // pooled connections die with their server, which may be back: a read may go on a fresh one
            pool.getHikariPoolMXBean().softEvictConnections();
            return retried(transaction);
        }
    }

    @Override
    public <T> T write(Function<Handle, T> work) {
        return retried(() -> jdbi.inTransaction(TransactionIsolationLevel.SERIALIZABLE, work::apply));
    }

    @Override
    public void announce(Handle handle) {
        PostgreSqlListener.announce(handle);
    }

    @Override
    public void follow(LongConsumer onVersion) {
        listener = new PostgreSqlListener(address, onVersion, () -> read(Tables::version));
    }

    @Override
    public void close() {
        if (listener != null) {
            listener.close();
        }
        pool.close();
    }

    private void prepare() {
        String encoding = jdbi.withHandle(handle ->
                handle.createQuery("SHOW server_encoding").mapTo(String.class).one());
        if (!encoding.equals("UTF8")) {
            throw new StoreUnavailable("database " + address + " has the encoding " + encoding
                    + "; create it again: CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0");
        }
        Migrations.run(
                pool,
                address,
                Map.of("text", "TEXT COLLATE \"C\"", "sequence", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"));
    }

    private <T> T retried(Supplier<T> transaction) {
        long deadline = System.nanoTime() + RETRY_FOR.toNanos();
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.get();
            } catch (RuntimeException e) {
                if (!PostgreSqlFaults.isClash(e)) {
                    throw PostgreSqlFaults.translate(e, address);
                }
                if (System.nanoTime() > deadline) {
                    throw new StoreUnavailable(
                            "database " + address + " is too busy: other changes came first " + attempt
                                    + " times; try again later",
                            e);
                }
                pauseBefore(attempt);
            }
        }
    }

    /// A random pause up to a bound that doubles from 4 to 256 ms, so that rivals come apart.
    private static void pauseBefore(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(2L << Math.min(attempt, 7)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while waiting to try a change again; nothing was changed", e);
        }
    }
}
