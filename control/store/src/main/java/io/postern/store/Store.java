package io.postern.store;

import java.util.function.Consumer;
import java.util.function.Function;

/// The database. Blocking: call it from virtual threads, never from an event loop. Thread-safe. A `work`
/// function must not call the store again: it has all it needs in its [Stores].
///
/// Instants are kept to the microsecond. Isolation: a [#read] sees one moment; concurrent [#write]s come
/// out as if one had run after the other.
///
/// Atomicity: everything inside one [#write] commits together or not at all; a `work` function may run
/// more than once when the database asks for a retry, so it must have no effect outside.
public interface Store extends AutoCloseable {
    /// @throws StoreUnavailable when the database cannot be reached, is full or is locked by another process
    <T> T read(Function<Stores, T> work);

    /// One transaction; writers are serialised where the database has one writer only.
    /// @throws StoreUnavailable as for [#read]; nothing was changed then, unless the connection to PostgreSQL
    ///     was lost in the very commit: then nobody can tell
    <T> T write(Function<Stores, T> work);

    /// Calls `listener` with the configuration version after each committed change of configuration, of
    /// this process or (PostgreSQL) of another node. On a virtual thread; calls do not overlap. Of several
    /// changes in quick succession the listener may hear only the last.
    void onChange(Consumer<Long> listener);

    /// The configuration version now; grows with every [ChangeLog#bump].
    long version();

    @Override
    void close();
}
