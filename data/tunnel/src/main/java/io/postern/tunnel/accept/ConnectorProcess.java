package io.postern.tunnel.accept;

import io.netty.channel.EventLoop;
import io.postern.tunnel.Tunnel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One process of a connector as requests are spread: its tunnels here, how many exchanges wait for it, and
/// how it does with each backend (docs/decisions/2026-11-21-spreading-and-retries.md). Thread-safe; lives as
/// long as it has a tunnel.
final class ConnectorProcess {
    /// A process that has just come gets its full share after so long: its code is not compiled yet, and it has
    /// no connections to backends.
    private static final long WARM_UP_NANOS = Duration.ofSeconds(10).toNanos();

    private static final double SHARE_FIRST = 0.1;

    /// How much of its share a process keeps that has refused and not yet done better.
    private static final double SHARE_DOUBTFUL = 0.1;

    /// Order of the tunnels of one process; from [#RANK_POOR] on, another process is preferred.
    private static final int RANK_FAR = 1;

    private static final int RANK_POOR = 2;
    private static final int RANK_TIGHT = 2;
    private static final int RANK_SUSPECT = 4;

    private final String connectorId;
    private final Object self;
    private final long sinceNanos;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, Standing> byBackend = new ConcurrentHashMap<>();
    private volatile Tunnel[] tunnels = {};

    ConnectorProcess(Tunnel first, long nowNanos) {
        this.connectorId = first.connectorId();
        this.self = first.connector();
        this.sinceNanos = nowNanos;
    }

    /// A process is told from others of its connector by all that it says of itself, the time of its start
    /// among it.
    boolean isOf(Tunnel tunnel) {
        return tunnel.connectorId().equals(connectorId) && tunnel.connector().equals(self);
    }

    List<Tunnel> tunnels() {
        return List.of(tunnels);
    }

    /// One thread at a time.
    void add(Tunnel tunnel) {
        var more = new ArrayList<>(tunnels());
        more.add(tunnel);
        tunnels = more.toArray(Tunnel[]::new);
    }

    /// @return it was there. One thread at a time
    boolean remove(Tunnel tunnel) {
        var fewer = new ArrayList<>(tunnels());
        boolean found = fewer.remove(tunnel);
        tunnels = fewer.toArray(Tunnel[]::new);
        return found;
    }

    void enter() {
        waiting.incrementAndGet();
    }

    void leave() {
        waiting.decrementAndGet();
    }

    /// Exchanges whose answer has not begun, over all tunnels. Open WebSockets and downloads are none.
    int waiting() {
        return waiting.get();
    }

    Standing standing(String backendId) {
        Standing known = byBackend.get(backendId);
        return known != null ? known : byBackend.computeIfAbsent(backendId, id -> new Standing());
    }

    /// The tunnel to take: healthy before suspect, with room before nearly full, on the caller's own loop
    /// (a hand-over between threads halves the throughput of bodies), with fewest open streams.
    @Nullable
    Tunnel tunnel(String backendId, EventLoop preferred, List<Pick> tried) {
        Tunnel best = null;
        int bestRank = Integer.MAX_VALUE;
        for (Tunnel tunnel : tunnels) {
            if (!tunnel.isOpen() || !tunnel.serves(backendId) || wasTried(tunnel, tried)) {
                continue;
            }
            int rank = rank(tunnel) + (tunnel.eventLoop().equals(preferred) ? 0 : RANK_FAR);
            if (best == null || rank < bestRank || (rank == bestRank && tunnel.openStreams() < best.openStreams())) {
                best = tunnel;
                bestRank = rank;
            }
        }
        return best;
    }

    private static int rank(Tunnel tunnel) {
        return (tunnel.isSuspect() ? RANK_SUSPECT : 0) + (tunnel.isTight() ? RANK_TIGHT : 0);
    }

    private static boolean wasTried(Tunnel tunnel, List<Pick> tried) {
        for (int i = 0; i < tried.size(); i++) {
            if (tried.get(i).tunnel().equals(tunnel)) {
                return true;
            }
        }
        return false;
    }

    /// Whether others should be asked before, however busy they are.
    static boolean isPoor(Tunnel chosen, Standing standing, long nowNanos) {
        return rank(chosen) >= RANK_POOR || standing.isAvoided(nowNanos);
    }

    /// Its part of the requests, against those of its like: the fewer wait and the quicker it answers the more.
    ///
    /// @param slowness of its answers, against the quickest in the group: 1 or more
    double weight(Standing standing, double slowness, long nowNanos) {
        double queue = 1.0 + Math.max(0, waiting.get());
        double age = (nowNanos - sinceNanos) / (double) WARM_UP_NANOS;
        double warm = age >= 1 ? 1 : Math.max(SHARE_FIRST, age);
        return warm * (standing.isDoubtful() ? SHARE_DOUBTFUL : 1) / (queue * queue * slowness);
    }
}
