package io.postern.bench;

/// Load that nobody counts: half of it small over both protocols, then some large bodies both ways.
final class WarmUp {
    private WarmUp() {}

    /// @param trial its seconds are the whole length, about
    static void run(Trial trial) {
        Peer peer = trial.peer();
        int seconds = Math.max(1, trial.seconds() * 2 / 5);
        var small =
                new Wrk(Cases.CONNECTIONS_FULL, seconds, false, trial.bench().wrkScript());
        trial.load(small, peer.target(Origin.FILES, Protocol.H1), "1k");
        trial.load(H2load.full(Protocol.H2, 8, 8, seconds), peer.target(Origin.FILES, Protocol.H2), "1k");
        int large = Math.max(1, trial.seconds() / 4);
        trial.load(H2load.bulk(Protocol.H2, 1, 1, large, null), peer.target(Origin.FILES, Protocol.H2), "100m");
        trial.load(
                H2load.bulk(Protocol.H1, 1, 1, large, trial.bench().largeFile()),
                peer.target(Origin.LIVE, Protocol.H1),
                "upload");
    }
}
