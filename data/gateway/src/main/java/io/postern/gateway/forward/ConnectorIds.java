package io.postern.gateway.forward;

import io.postern.domain.ConnectorId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The ids of connectors, checked once each and not on every request. Thread-safe.
final class ConnectorIds {
    /// Beyond any fleet: then the ids of connectors that are gone are dropped with all others.
    private static final int MAX = 4_096;

    private final Map<String, Optional<ConnectorId>> known = new ConcurrentHashMap<>();

    /// @throws IllegalArgumentException when the text is no id
    Optional<ConnectorId> get(String text) {
        Optional<ConnectorId> id = known.get(text);
        if (id == null) {
            if (known.size() >= MAX) {
                known.clear();
            }
            id = Optional.of(new ConnectorId(text));
            known.put(text, id);
        }
        return id;
    }
}
