package io.postern.tunnel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The complete list of what the connectors of a group may reach (docs/protocol/tunnel.md §3).
///
/// @param revision grows with the service's configuration; for logs
/// @param byId one entry per backend id
public record BackendList(long revision, Map<String, BackendSettings> byId) {
    public static final BackendList EMPTY = new BackendList(0, Map.of());

    /// Far beyond any group; keeps the message under its limit.
    public static final int BACKENDS_MAX = 10_000;

    public BackendList {
        if (byId.size() > BACKENDS_MAX) {
            throw new IllegalArgumentException(
                    "a connector group has " + byId.size() + " backends, more than " + BACKENDS_MAX);
        }
        byId = Map.copyOf(byId);
    }

    /// @throws IllegalArgumentException when two entries have one id
    public static BackendList of(long revision, Collection<BackendSettings> backends) {
        var byId = new LinkedHashMap<String, BackendSettings>();
        for (BackendSettings backend : backends) {
            if (byId.put(backend.id(), backend) != null) {
                throw new IllegalArgumentException("backend " + backend.id() + " is listed twice");
            }
        }
        return new BackendList(revision, byId);
    }

    public Optional<BackendSettings> backend(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Set<String> ids() {
        return byId.keySet();
    }

    public List<BackendSettings> backends() {
        return new ArrayList<>(byId.values());
    }

    /// Whether the connector would notice a difference.
    public boolean sameBackends(BackendList other) {
        return byId.equals(other.byId);
    }
}
