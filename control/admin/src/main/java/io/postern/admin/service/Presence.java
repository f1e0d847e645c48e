package io.postern.admin.service;

import io.postern.domain.ConnectorId;
import io.postern.store.Connector;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which connectors have a tunnel open on this node. Thread-safe.
public final class Presence {
    /// Other nodes write "seen" more often than this while they hold a tunnel.
    public static final Duration FRESH = Duration.ofMinutes(2);

    /// @param changed when a tunnel came or went last
    /// @param since when the first came or the last went
    private record Tunnels(int open, Instant changed, Instant since) {}

    /// Of a connector that is disabled: not active, whatever is still open.
    ///
    /// @param here a tunnel is open on this node
    /// @param active STA-1: here, or another node has seen one lately
    /// @param tunnels on this node
    /// @param since when it became so, as far as this node knows
    public record State(boolean here, boolean active, int tunnels, Optional<Instant> since) {}

    private final Map<ConnectorId, Tunnels> tunnels = new ConcurrentHashMap<>();

    public Presence() {}

    public void opened(ConnectorId connector, Instant time) {
        tunnels.merge(
                connector,
                new Tunnels(1, time, time),
                (old, _) -> new Tunnels(old.open() + 1, time, old.open() == 0 ? time : old.since()));
    }

    /// @param left tunnels that the connector still has here
    public void closed(ConnectorId connector, int left, Instant time) {
        tunnels.merge(
                connector,
                new Tunnels(left, time, time),
                (old, _) -> new Tunnels(left, time, (left == 0) == (old.open() == 0) ? old.since() : time));
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
                .filter(seen -> here == null || seen.isAfter(here.changed()))
                .isPresent();
    }

    public State state(Connector connector, Instant now) {
        Tunnels here = tunnels.get(connector.id());
        if (!connector.enabled()) {
            return new State(false, false, 0, here == null ? connector.lastSeen() : Optional.of(here.since()));
        }
        boolean active = isActive(connector, now);
        return here == null
                ? new State(false, active, 0, connector.lastSeen())
                : new State(here.open() > 0, active, here.open(), Optional.of(here.since()));
    }
}
