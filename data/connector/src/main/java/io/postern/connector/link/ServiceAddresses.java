package io.postern.connector.link;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.base.HostPort;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelRefusal;
import io.postern.tunnel.dial.TunnelDialer;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Where the service is: every address of every name given, since each may be another node. Confined to the link's
/// loop.
final class ServiceAddresses {
    interface Listener {
        /// Every name has been looked up, with whatever result.
        void onLookedUp();

        /// Of a name that was never found before.
        void onUnresolved(HostPort service, TunnelEnd why);
    }

    private final List<HostPort> services;
    private final TunnelDialer dialer;
    private final EventLoop home;
    private final RandomGenerator random;
    private final Listener listener;
    private final Map<HostPort, List<InetSocketAddress>> found = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Endpoint> endpoints = new LinkedHashMap<>();
    private int lookingUp;

    ServiceAddresses(
            List<HostPort> services, TunnelDialer dialer, EventLoop home, RandomGenerator random, Listener listener) {
        this.services = List.copyOf(services);
        this.dialer = dialer;
        this.home = home;
        this.random = random;
        this.listener = listener;
    }

    void lookUp() {
        if (lookingUp > 0) {
            return;
        }
        lookingUp = services.size();
        for (HostPort service : services) {
            dialer.resolve(service, home).addListener((Future<List<InetSocketAddress>> answer) -> {
                lookingUp--;
                if (answer.isSuccess()) {
                    found.put(service, answer.getNow());
                } else if (!found.containsKey(service)) { // else what was known may still be right
                    listener.onUnresolved(service, TunnelRefusal.end(answer.cause()));
                }
                if (lookingUp == 0) {
                    replace();
                    listener.onLookedUp();
                }
            });
        }
    }

    /// What was remembered of the names may be old.
    void lookUpAfresh() {
        services.forEach(dialer::forget);
        lookUp();
    }

    private void replace() {
        var current = new LinkedHashSet<InetSocketAddress>();
        found.forEach((service, addresses) -> addresses.forEach(address -> {
            current.add(address);
            endpoints.computeIfAbsent(address, a -> new Endpoint(service, a, random));
        }));
        endpoints.keySet().retainAll(current); // tunnels that came by them stay as long as they last
    }

    /// As they are now: a list of its own.
    List<Endpoint> all() {
        return List.copyOf(endpoints.values());
    }

    boolean isEmpty() {
        return endpoints.isEmpty();
    }

    boolean areTried() {
        return endpoints.values().stream().allMatch(Endpoint::isTried);
    }

    int dialling() {
        return endpoints.values().stream().mapToInt(Endpoint::dialling).sum();
    }

    int dialling(String node) {
        return endpoints.values().stream()
                .filter(endpoint -> endpoint.leadsTo(node))
                .mapToInt(Endpoint::dialling)
                .sum();
    }

    boolean leadTo(String node) {
        return endpoints.values().stream().anyMatch(endpoint -> endpoint.leadsTo(node));
    }

    /// Several addresses of one node are not all dialled for it; but where the first fails the next one is.
    boolean isBestWayTo(String node, Endpoint endpoint) {
        return endpoints.values().stream()
                .filter(other -> other.leadsTo(node))
                .filter(other -> !other.isFailing())
                .findFirst()
                .map(endpoint::equals)
                .orElse(true);
    }

    @Override
    public String toString() {
        return String.join(", ", services.stream().map(HostPort::toString).toList());
    }
}
