package io.postern.pki;

import io.postern.fixtures.PostgresServer;
import io.postern.store.Store;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/// A service process as far as certificates go: a store and a key file.
record Node(Store store, MasterKey key) implements AutoCloseable {
    static final String BASE = "postern.localhost";
    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    static Node sqlite(Path folder) {
        return new Node(
                SqlStore.open(DatabaseAddress.parse(folder.resolve("postern.db").toString())),
                MasterKey.loadOrCreate(folder.resolve("keys/master.key")));
    }

    /// @param url an address that several nodes may share
    static Node postgres(String url, Path folder) {
        return new Node(
                SqlStore.open(DatabaseAddress.parse(url)), MasterKey.loadOrCreate(folder.resolve("keys/master.key")));
    }

    static String database() {
        return PostgresServer.shared().createDatabase();
    }

    static Clock at(Instant instant) {
        return Clock.fixed(instant, ZoneOffset.UTC);
    }

    Pki pki() {
        return pki(NOW);
    }

    Pki pki(Instant now) {
        return Pki.open(store, key, BASE, at(now));
    }

    @Override
    public void close() {
        store.close();
    }
}
