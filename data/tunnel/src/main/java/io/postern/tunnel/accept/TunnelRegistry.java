package io.postern.tunnel.accept;

import io.netty.channel.EventLoop;
import io.postern.tunnel.Tunnel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tunnels that are up, by connector group. Readers on any thread see an immutable picture; changes,
/// which are rare, swap it. Tunnels of a process on trial are kept apart: nobody's exchange goes there.
public final class TunnelRegistry {
    private static final ConnectorProcess[] NONE = {};

    private volatile Map<String, ConnectorProcess[]> byGroup = Map.of();
    private volatile List<Tunnel> onTrial = List.of();

    TunnelRegistry() {}

    /// A tunnel for an exchange: of the group, open, serving the backend, not tried before. First a connector is
    /// chosen by load, however many tunnels it has, then the tunnel of it that suits the caller's loop best.
    ///
    /// @param tried what was picked for the same exchange before and came to nothing
    public Optional<Pick> pick(String group, String backendId, EventLoop preferred, List<Pick> tried) {
        ConnectorProcess[] connectors = byGroup.get(group);
        return connectors == null
                ? Optional.empty()
                : Optional.ofNullable(new Spread(backendId, preferred, tried).among(connectors));
    }

    /// The same tunnel again, where it still can: open, of its group, serving the backend.
    public Optional<Pick> pick(Tunnel same, String backendId) {
        return same.isOpen() && same.serves(backendId)
                ? process(same)
                        .filter(connector -> connector.tunnels().contains(same))
                        .map(connector -> new Pick(connector, connector.standing(backendId), same, System.nanoTime()))
                : Optional.empty();
    }

    /// Some tunnel of the group serves the backend, open for another stream or not.
    public boolean isServed(String group, String backendId) {
        for (ConnectorProcess connector : byGroup.getOrDefault(group, NONE)) {
            for (Tunnel tunnel : connector.tunnels()) {
                if (tunnel.serves(backendId)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Some connector of the group has a tunnel up, whatever it serves.
    public boolean isConnected(String group) {
        return byGroup.containsKey(group);
    }

    /// Exchanges that wait for the beginning of their answer, at all connectors.
    public int waiting() {
        return byGroup.values().stream()
                .flatMap(Arrays::stream)
                .mapToInt(ConnectorProcess::waiting)
                .sum();
    }

    /// Tunnels of one process of a connector, on trial or serving, as it named itself in its hello.
    public List<Tunnel> ofProcess(String connectorId, String process) {
        var all = new ArrayList<>(onTrial);
        all.addAll(all());
        return all.stream()
                .filter(t -> t.connectorId().equals(connectorId)
                        && t.connector().process().equals(Optional.of(process)))
                .toList();
    }

    /// Every tunnel that serves, in no order.
    public List<Tunnel> all() {
        var all = new ArrayList<Tunnel>();
        for (ConnectorProcess[] connectors : byGroup.values()) {
            for (ConnectorProcess connector : connectors) {
                all.addAll(connector.tunnels());
            }
        }
        return all;
    }

    Optional<ConnectorProcess> process(Tunnel tunnel) {
        return List.of(byGroup.getOrDefault(tunnel.group(), NONE)).stream()
                .filter(connector -> connector.isOf(tunnel))
                .findFirst();
    }

    synchronized void add(Tunnel tunnel) {
        if (tunnel.connector().trial()) {
            var trials = new ArrayList<>(onTrial);
            trials.add(tunnel);
            onTrial = List.copyOf(trials);
            return;
        }
        var connectors = new ArrayList<>(List.of(byGroup.getOrDefault(tunnel.group(), NONE)));
        for (ConnectorProcess connector : connectors) {
            if (connector.isOf(tunnel)) {
                connector.add(tunnel);
                return;
            }
        }
        var fresh = new ConnectorProcess(tunnel, System.nanoTime());
        fresh.add(tunnel);
        connectors.add(fresh);
        swap(tunnel.group(), connectors);
    }

    synchronized void remove(Tunnel tunnel) {
        onTrial = onTrial.stream().filter(t -> !t.equals(tunnel)).toList();
        var connectors = new ArrayList<>(List.of(byGroup.getOrDefault(tunnel.group(), NONE)));
        boolean emptied = connectors.removeIf(
                connector -> connector.remove(tunnel) && connector.tunnels().isEmpty());
        if (emptied) {
            swap(tunnel.group(), connectors);
        }
    }

    private void swap(String group, List<ConnectorProcess> connectors) {
        var next = new HashMap<>(byGroup);
        if (connectors.isEmpty()) {
            next.remove(group);
        } else {
            next.put(group, connectors.toArray(ConnectorProcess[]::new));
        }
        byGroup = Map.copyOf(next);
    }
}
