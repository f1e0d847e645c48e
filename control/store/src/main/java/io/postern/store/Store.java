package io.postern.store;

import java.util.function.Consumer;
import java.util.function.Function;

/// The database. Blocking: call it from virtual threads, never from an event loop.
///
/// Atomicity: everything inside one [#write] commits together or not at all; a `work` function may run
/// more than once when the database asks for a retry, so it must have no effect outside.
public interface Store extends AutoCloseable {
    /// @throws StoreUnavailable when the database cannot be reached, is full or is locked by another process
    <T> T read(Function<Stores, T> work);

    /// One transaction; writers are serialised where the database has one writer only.
    /// @throws StoreUnavailable as for [#read]; nothing was changed then
    <T> T write(Function<Stores, T> work);

    /// Calls `listener` with the configuration version after each committed change of configuration, of
    /// this process or (PostgreSQL) of another node. On a virtual thread; calls do not overlap.
    void onChange(Consumer<Long> listener);

    /// The configuration version now; grows with every [ChangeLog#bump].
    long version();

    @Override
    void close();
}
