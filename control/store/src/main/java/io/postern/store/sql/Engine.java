package io.postern.store.sql;

import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;

/// What the two databases do differently: threads, connections, isolation, news from other nodes.
/// Faults that are no bug come out as [io.postern.store.StoreUnavailable].
sealed interface Engine extends AutoCloseable permits SqliteEngine, PostgreSqlEngine {
    /// A transaction that sees one moment and changes nothing.
    <T> T read(Function<Handle, T> work);

    /// A serialisable transaction; `work` may run more than once.
    <T> T write(Function<Handle, T> work);

    /// Tells other nodes that there is a new configuration version, if this transaction commits.
    void announce(Handle handle);

    /// From now on tells `onVersion` of versions that other nodes committed. Called once, at start.
    void follow(LongConsumer onVersion);

    @Override
    void close();
}
