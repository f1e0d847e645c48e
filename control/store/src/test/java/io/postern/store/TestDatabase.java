package io.postern.store;

import io.postern.fixtures.PostgresServer;
import io.postern.fixtures.TempFolder;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;

/// The databases that every contract is checked on.
public enum TestDatabase {
    SQLITE,
    POSTGRESQL;

    /// A fresh, empty database.
    ///
    /// @param folder what SQLite needs; gone with the database
    public record Opened(DatabaseAddress address, TempFolder folder) implements AutoCloseable {
        public Store store() {
            return SqlStore.open(address);
        }

        @Override
        public void close() {
            folder.close();
        }
    }

    public Opened create() {
        TempFolder folder = TempFolder.create("store");
        String address = switch (this) {
            case SQLITE -> "sqlite:" + folder.file("postern.db");
            case POSTGRESQL -> PostgresServer.shared().createDatabase();
        };
        return new Opened(DatabaseAddress.parse(address), folder);
    }
}
