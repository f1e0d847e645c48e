package io.postern.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// One run of a case on a peer.
///
/// @param seconds that a load of open length lasts
record Trial(int repetition, Workbench bench, Lineup lineup, PeerKind kind, int seconds) {
    /// A program that hangs ends the run, not the bench: nothing here takes a tenth of it.
    private static final Duration LOAD_LIMIT = Duration.ofMinutes(5);

    Peer peer() {
        return lineup.get(kind, false);
    }

    /// The same peer with a long way between its hops.
    Peer distantPeer() {
        return lineup.get(kind, true);
    }

    /// The backend that talks, over HTTP/1.1 as WebSockets want it; it has answered once.
    Target liveTarget() {
        Target target = peer().target(Origin.LIVE, Protocol.H1);
        bench.probe().expectOk(target, "count");
        return target;
    }

    Meter meter(Peer peer) {
        return Meter.begin(peer, bench, List.of());
    }

    Sample load(Generator generator, Target target, String path) {
        Path scratch = bench.scratch(); // a new one each time: h2load appends
        try {
            return generator.parse(bench.run(generator.command(target, path, scratch), LOAD_LIMIT), scratch);
        } finally {
            bench.delete(scratch);
        }
    }
}
