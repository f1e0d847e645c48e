package io.postern.run.connector.log;

import java.io.IOException;
import java.util.List;

/// Where records end up. Used by the queue's one thread, which may wait.
interface LogSink extends AutoCloseable {
    /// @throws IOException when they could not be delivered; they are not tried again
    void write(List<LogRecord> records) throws IOException;

    /// For messages and metrics.
    String name();

    @Override
    void close();
}
