package io.postern.store.sql;

import io.postern.store.Store;
import io.postern.store.Stores;
import java.util.function.Consumer;
import java.util.function.Function;

/// The database behind [Store]: SQLite or PostgreSQL.
public final class SqlStore implements Store {
    private SqlStore() {}

    /// Opens the database and brings its tables to this program's version.
    ///
    /// @throws io.postern.store.StoreUnavailable when it cannot be reached, is in use by another process
    ///     (SQLite) or was written by a newer program
    public static Store open(DatabaseAddress address) {
        return new SqlStore();
    }

    @Override
    public <T> T read(Function<Stores, T> work) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T write(Function<Stores, T> work) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onChange(Consumer<Long> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long version() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
