package io.postern.admin.logging;

import io.postern.store.LogEntry;
import java.io.IOException;
import java.util.List;

/// Speaks to one receiver. Used by one thread.
interface Sender extends AutoCloseable {
    /// Returns when the receiver has them, as far as its protocol can tell.
    ///
    /// @throws IOException when it has not; then they are sent again
    void send(List<LogEntry> entries) throws IOException, InterruptedException;

    @Override
    void close();
}
