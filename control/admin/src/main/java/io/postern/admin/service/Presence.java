package io.postern.admin.service;

import io.postern.domain.ConnectorId;
import io.postern.store.Connector;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which connectors have a tunnel open on this node. Thread-safe.
public final class Presence {
    /// Other nodes write "seen" more often than this while they hold a tunnel.
    public static final Duration FRESH = Duration.ofMinutes(2);

    private record Tunnels(int open, Instant since) {}

    private final Map<ConnectorId, Tunnels> tunnels = new ConcurrentHashMap<>();

    public Presence() {}

    public void opened(ConnectorId connector, Instant time) {
        tunnels.merge(connector, new Tunnels(1, time), (old, _) -> new Tunnels(old.open() + 1, time));
    }

    /// @param left tunnels that the connector still has here
    public void closed(ConnectorId connector, int left, Instant time) {
        tunnels.put(connector, new Tunnels(left, time));
    }

    public Set<ConnectorId> open() {
        return tunnels.entrySet().stream()
                .filter(e -> e.getValue().open() > 0)
                .map(Map.Entry::getKey)
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    /// STA-1: a tunnel is open here, or another node has seen one lately.
    public boolean isActive(Connector connector, Instant now) {
        Tunnels here = tunnels.get(connector.id());
        if (here != null && here.open() > 0) {
            return true;
        }
        return connector
                .lastSeen()
                .filter(seen -> seen.isAfter(now.minus(FRESH)))
                .filter(seen -> here == null || seen.isAfter(here.since()))
                .isPresent();
    }
}
