package io.postern.domain.snapshot;

import java.util.function.Consumer;

/// The door down: the data plane reads the current picture and never asks a question that could wait.
public interface SnapshotSource {
    /// Never blocks; any thread.
    Snapshot current();

    /// Calls `listener` after each change, on the publisher's thread; the listener must not block.
    /// It is also called once, at once, with the current snapshot.
    void onChange(Consumer<Snapshot> listener);
}
