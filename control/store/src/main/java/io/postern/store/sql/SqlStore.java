package io.postern.store.sql;

import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.sql.table.EarlierAudit;
import io.postern.store.sql.table.Tables;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/// The database behind [Store]: SQLite or PostgreSQL.
public final class SqlStore implements Store {
    private static final ScopedValue<Boolean> INSIDE = ScopedValue.newInstance();

    private final Engine engine;
    private final ChangeFeed changes;

    private SqlStore(Engine engine) {
        this.engine = engine;
        engine.write(EarlierAudit::adopt);
        this.changes = new ChangeFeed(engine.read(Tables::version));
        engine.follow(changes::offer);
    }

    /// Opens the database and brings its tables to this program's version.
    ///
    /// @throws io.postern.store.StoreUnavailable when it cannot be reached, is in use by another process
    ///     (SQLite) or was written by a newer program
    public static Store open(DatabaseAddress address) {
        Engine engine = switch (address) {
            case DatabaseAddress.Sqlite sqlite -> SqliteEngine.open(sqlite);
            case DatabaseAddress.PostgreSql postgreSql -> PostgreSqlEngine.open(postgreSql);
        };
        try {
            return new SqlStore(engine);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    @Override
    public <T> T read(Function<Stores, T> work) {
        refuseNesting();
        return engine.read(handle -> inside(() -> work.apply(new Tables(handle, version -> {
            throw new IllegalStateException("a read cannot bump the configuration version");
        }))));
    }

    @Override
    public <T> T write(Function<Stores, T> work) {
        refuseNesting();
        var bumped = new AtomicLong();
        T result = engine.write(handle -> inside(() -> {
            bumped.set(0); // a retry starts anew
            return work.apply(new Tables(handle, version -> {
                engine.announce(handle);
                bumped.set(version);
            }));
        }));
        if (bumped.get() > 0) {
            changes.offer(bumped.get());
        }
        return result;
    }

    @Override
    public void onChange(Consumer<Long> listener) {
        changes.listen(listener);
    }

    @Override
    public long version() {
        refuseNesting();
        return engine.read(Tables::version);
    }

    @Override
    public void close() {
        changes.close();
        engine.close();
    }

    /// A transaction inside a transaction would wait for itself.
    private static void refuseNesting() {
        if (INSIDE.isBound()) {
            throw new IllegalStateException("the store was called from inside a read or write; use the Stores given");
        }
    }

    private static <T> T inside(ScopedValue.CallableOp<T, RuntimeException> work) {
        return ScopedValue.where(INSIDE, true).call(work);
    }
}
