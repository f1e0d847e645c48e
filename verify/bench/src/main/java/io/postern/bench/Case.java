package io.postern.bench;

/// One kind of load. Cases keep nothing between runs.
sealed interface Case permits LoadCase, FatAndSmall, WebSocketEcho, IdleWebSockets, Starting, Overload {
    Plan plan();

    /// Whether it says anything about this peer.
    default boolean suits(PeerKind kind) {
        return true;
    }

    /// Runs it once. Wrong answers stand in the measurement's faults; an exception means that nothing was measured.
    Measurement run(Trial trial);
}
