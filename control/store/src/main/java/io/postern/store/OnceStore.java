package io.postern.store;

import java.time.Instant;

/// Things that may happen once: used state values, link tokens. Shared by all nodes.
public interface OnceStore {
    /// True for the first caller with this key before it expires, false for every other. One atomic statement.
    boolean claim(String purpose, String key, Instant keepUntil);

    int purge(Instant now);
}
