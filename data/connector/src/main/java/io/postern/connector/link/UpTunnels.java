package io.postern.connector.link;

import io.postern.tunnel.Hello;
import io.postern.tunnel.dial.DialledTunnel;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The tunnels that are up, and how many there should be: one for each lane of each node. Confined to the link's
/// loop.
final class UpTunnels {
    /// A tunnel, the way by which it came, and the era in which it was dialled.
    record Up(DialledTunnel tunnel, Endpoint by, int era) {
        boolean isServing() {
            return !tunnel.draining().isDone();
        }

        boolean isReady() {
            return isServing() && tunnel.ready().isDone();
        }

        String node() {
            return tunnel.hello().node();
        }
    }

    private final int tunnelsMin;
    private final Identities identities;
    private final Map<String, Integer> lanesByNode = new HashMap<>();
    private final Set<Up> all = new LinkedHashSet<>();

    /// @param tunnelsMin to each node even when it has fewer lanes
    UpTunnels(int tunnelsMin, Identities identities) {
        this.tunnelsMin = tunnelsMin;
        this.identities = identities;
    }

    void add(Up opened) {
        all.add(opened);
    }

    void remove(Up closed) {
        all.remove(closed);
    }

    boolean contains(Up tunnel) {
        return all.contains(tunnel);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /// What a node's hello said; counts until [#forget].
    void onLanes(String node, int lanes) {
        lanesByNode.put(node, lanes);
    }

    /// Nodes that have no tunnel here.
    ///
    /// @param isKnown whether some address is still expected to lead there
    void forget(Predicate<String> isKnown) {
        lanesByNode.keySet().removeIf(node -> !isServed(node) && !isKnown.test(node));
    }

    int wanted(String node) {
        return Math.max(tunnelsMin, lanesByNode.getOrDefault(node, 0));
    }

    int wanted() {
        return lanesByNode.isEmpty()
                ? tunnelsMin
                : lanesByNode.keySet().stream().mapToInt(this::wanted).sum();
    }

    /// Those that need no successor.
    int serving(String node) {
        return (int) ofTheDay(node).count();
    }

    boolean isServed(String node) {
        return all.stream().anyMatch(one -> one.isServing() && one.node().equals(node));
    }

    boolean isServing() {
        return all.stream().anyMatch(Up::isServing);
    }

    int ready() {
        return (int) all.stream().filter(Up::isReady).count();
    }

    int backends() {
        return all.stream()
                .mapToInt(one -> one.tunnel.backends().byId().size())
                .max()
                .orElse(0);
    }

    /// Lanes are given by the service; a second tunnel on one lane is of use only where there are fewer
    /// lanes than tunnels wanted.
    boolean isOneTooManyOnItsLane(DialledTunnel tunnel) {
        Hello hello = tunnel.hello();
        long there = ofTheDay(hello.node())
                .filter(one -> one.tunnel.hello().lane() == hello.lane())
                .count();
        return there >= Math.ceilDiv(wanted(hello.node()), hello.lanes());
    }

    /// Tunnels of an identity that is no more, drained where there are enough of the new one.
    void retire(Duration grace) {
        all.stream()
                .filter(one -> one.isServing() && !identities.isOfTheDay(one.era))
                .filter(one -> ofTheDay(one.node()).filter(Up::isReady).count() >= wanted(one.node()))
                .forEach(one -> one.tunnel.drain(grace));
    }

    /// @return done when every tunnel that was up has begun to drain
    CompletableFuture<Void> beginDrain(Duration grace) {
        return forEach((one, began) -> {
            one.drain(grace);
            one.draining().addListener(f -> began.complete(null));
        });
    }

    /// @return done when every tunnel that was up is gone
    CompletableFuture<Void> drain(Duration grace) {
        return forEach((one, closed) -> one.drain(grace).addListener(f -> closed.complete(null)));
    }

    /// See [DialledTunnel#prove].
    void prove(Duration limit) {
        all.forEach(one -> one.tunnel.prove(limit));
    }

    private Stream<Up> ofTheDay(String node) {
        return all.stream()
                .filter(one -> one.isServing()
                        && identities.isOfTheDay(one.era)
                        && one.node().equals(node));
    }

    private interface Step {
        void begin(DialledTunnel tunnel, CompletableFuture<Void> done);
    }

    private CompletableFuture<Void> forEach(Step step) {
        return CompletableFuture.allOf(all.stream()
                .map(one -> {
                    var done = new CompletableFuture<Void>();
                    step.begin(one.tunnel, done);
                    return done;
                })
                .toArray(CompletableFuture<?>[]::new));
    }
}
