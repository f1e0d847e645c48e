package io.postern.store;

import java.time.Instant;
import java.util.Optional;

/// Authorization codes (RFC 6749 §4.1.2): single use, kept as a hash.
public interface AuthorizationCodeStore {
    /// @param payload what the identity provider wants to know again, JSON
    record Row(String codeHash, String payload, Instant expires) {}

    void insert(Row code);

    /// Marks the code used and answers it; empty when unknown, expired or used before. One atomic statement.
    Optional<Row> take(String codeHash, Instant now);

    /// True when the code existed and was taken before: somebody replays it.
    boolean wasTaken(String codeHash);

    int purge(Instant now);
}
