package io.postern.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// The peers that run, each started when it is first asked for. Used by the measuring thread only.
final class Lineup {
    /// 25 ms each way: 50 ms round trip, a continent's width.
    private static final Duration ONE_WAY = Duration.ofMillis(25);

    private final Workbench bench;
    private final Map<Seat, Peer> running = new HashMap<>();

    private record Seat(PeerKind kind, boolean isDistant) {}

    Lineup(Workbench bench) {
        this.bench = bench;
    }

    Peer get(PeerKind kind, boolean isDistant) {
        return running.computeIfAbsent(new Seat(kind, isDistant), seat -> {
            Wire wire = isDistant ? new Wire.Far(bench, ONE_WAY) : new Wire.Near();
            return bench.keep(kind.start(bench, wire));
        });
    }
}
