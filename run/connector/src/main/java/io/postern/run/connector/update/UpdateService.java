package io.postern.run.connector.update;

import java.time.Duration;
import java.util.Optional;

/// What the service decides about updates (docs/protocol/tunnel.md §6): whether now, and whether a new process is as
/// good as the old one. Calls block for seconds at most.
interface UpdateService {
    /// @param lease to be kept, where there is one
    Answer ask(Question question, Optional<String> lease);

    /// Has the service send real requests through the tunnels of a process.
    Proof prove(String lease, String process);

    /// Gives the lease back.
    void end(String lease, boolean updated, String reason);

    /// @param offered by the manifest, where that is newer
    /// @param problem why there is no usable manifest; else empty
    record Question(String running, Optional<String> offered, String problem) {}

    /// @param lease there: update now, and ask again with it before `life` is over
    /// @param reason why not, else why; for the log
    record Answer(Optional<String> lease, Duration life, String reason) {}

    record Proof(boolean proven, String reason) {}

    /// The service cannot be reached, or refuses. The old version serves on.
    final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message);
        }

        Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
