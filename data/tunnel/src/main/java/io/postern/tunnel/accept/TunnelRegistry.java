package io.postern.tunnel.accept;

import io.netty.channel.EventLoop;
import io.postern.tunnel.Tunnel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The tunnels that are up, by connector group. Readers on any thread see an immutable picture; changes,
/// which are rare, swap it. Tunnels of a process on trial are kept apart: nobody's exchange goes there.
public final class TunnelRegistry {
    private volatile Map<String, Tunnel[]> byGroup = Map.of();
    private volatile List<Tunnel> onTrial = List.of();

    TunnelRegistry() {}

    /// The tunnel for an exchange: of the group, open, serving the backend, not tried before. On the
    /// caller's own loop if there is one, because a hand-over between threads halves the throughput of
    /// bodies; among equals the one with fewest open streams.
    public Optional<Tunnel> pick(String group, String backendId, EventLoop preferred, Set<Tunnel> excluded) {
        Tunnel[] tunnels = byGroup.get(group);
        if (tunnels == null) {
            return Optional.empty();
        }
        Tunnel near = null;
        Tunnel far = null;
        // a random start spreads quiet times over all connectors
        int start = ThreadLocalRandom.current().nextInt(tunnels.length);
        for (int i = 0; i < tunnels.length; i++) {
            Tunnel tunnel = tunnels[(start + i) % tunnels.length];
            if (!tunnel.isOpen() || !tunnel.serves(backendId) || excluded.contains(tunnel)) {
                continue;
            }
            if (tunnel.eventLoop().equals(preferred)) {
                near = lessLoaded(near, tunnel);
            } else {
                far = lessLoaded(far, tunnel);
            }
        }
        return Optional.ofNullable(near != null ? near : far);
    }

    /// Some tunnel of the group serves the backend, open for another stream or not.
    public boolean isServed(String group, String backendId) {
        for (Tunnel tunnel : byGroup.getOrDefault(group, new Tunnel[0])) {
            if (tunnel.serves(backendId)) {
                return true;
            }
        }
        return false;
    }

    /// Some connector of the group has a tunnel up, whatever it serves.
    public boolean isConnected(String group) {
        return byGroup.containsKey(group);
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
        for (Tunnel[] tunnels : byGroup.values()) {
            all.addAll(List.of(tunnels));
        }
        return all;
    }

    synchronized void add(Tunnel tunnel) {
        if (tunnel.connector().trial()) {
            var trials = new ArrayList<>(onTrial);
            trials.add(tunnel);
            onTrial = List.copyOf(trials);
            return;
        }
        var tunnels = new ArrayList<>(List.of(byGroup.getOrDefault(tunnel.group(), new Tunnel[0])));
        tunnels.add(tunnel);
        swap(tunnel.group(), tunnels);
    }

    synchronized void remove(Tunnel tunnel) {
        onTrial = onTrial.stream().filter(t -> !t.equals(tunnel)).toList();
        var tunnels = new ArrayList<>(List.of(byGroup.getOrDefault(tunnel.group(), new Tunnel[0])));
        if (tunnels.remove(tunnel)) {
            swap(tunnel.group(), tunnels);
        }
    }

    private void swap(String group, List<Tunnel> tunnels) {
        var next = new HashMap<>(byGroup);
        if (tunnels.isEmpty()) {
            next.remove(group);
        } else {
            next.put(group, tunnels.toArray(Tunnel[]::new));
        }
        byGroup = Map.copyOf(next);
    }

    private static Tunnel lessLoaded(@Nullable Tunnel best, Tunnel next) {
        return best == null || next.openStreams() < best.openStreams() ? next : best;
    }
}
