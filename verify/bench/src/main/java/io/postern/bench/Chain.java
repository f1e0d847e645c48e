package io.postern.bench;

import io.postern.fixtures.FreePort;
import java.util.List;
import java.util.Map;

/// A proxy before another of its kind, mutual TLS between them, no access log: what stands where gateway and connector
/// stand.
record Chain(PeerKind kind, Workbench bench, int port, Daemon front, Daemon back) implements Peer {
    /// How one of the two processes is started.
    interface Program {
        /// @param end `front` or `back`
        /// @param values places of the configuration's template
        Daemon start(Workbench bench, String end, Map<String, ?> values);
    }

    static Chain start(PeerKind kind, Workbench bench, Wire wire, Program program) {
        int inner = FreePort.find();
        int port = FreePort.find();
        Map<String, ?> values = Map.of(
                "folder", bench.folder().path(),
                "port", port,
                "inner", inner,
                "hop", wire.to(inner),
                "files", bench.backends().port(Origin.FILES, Protocol.H1),
                "live", bench.backends().port(Origin.LIVE, Protocol.H1));
        Daemon back = program.start(bench, "back", values).awaitPort(inner, Workbench.START_LIMIT);
        Daemon front = program.start(bench, "front", values).awaitPort(port, Workbench.START_LIMIT);
        return new Chain(kind, bench, port, front, back);
    }

    @Override
    public List<Hop> hops() {
        return List.of(Hop.of("front", front), Hop.of("back", back));
    }

    @Override
    public Target target(Origin origin, Protocol protocol) {
        return bench.localhost(port, origin);
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}
