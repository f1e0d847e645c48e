package io.postern.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Failed sign-ins, for smart lockout (4.6). Keyed by the name as typed, folded.
public interface SignInAttemptStore {
    /// @param recentWrong hashes of the last wrong passwords, newest first, at most three: they do not count twice
    record Row(
            String account, int failures, Optional<Instant> lockedUntil, List<String> recentWrong, Instant updated) {}

    Optional<Row> find(String account);

    void put(Row row);

    void clear(String account);

    /// Forgets accounts without a failure since `before`, so that made-up names do not pile up. @return how many
    int purge(Instant before);
}
