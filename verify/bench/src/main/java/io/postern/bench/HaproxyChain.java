package io.postern.bench;

import io.postern.fixtures.Binary;
import io.postern.fixtures.FreePort;
import java.util.List;
import java.util.Map;

/// HAProxy before HAProxy, mutual TLS between them, connections reused, no log; as many threads as processors.
record HaproxyChain(Workbench bench, int port, Daemon front, Daemon back) implements Peer {
    static HaproxyChain start(Workbench bench, Wire wire) {
        int inner = FreePort.find();
        int port = FreePort.find();
        Map<String, ?> values = Map.of(
                "folder", bench.folder().path(),
                "port", port,
                "inner", inner,
                "hop", wire.to(inner),
                "files", bench.backends().port(Origin.FILES, Protocol.H1),
                "live", bench.backends().port(Origin.LIVE, Protocol.H1));
        Daemon back = start(bench, "haproxy-back", values, inner);
        Daemon front = start(bench, "haproxy-front", values, port);
        return new HaproxyChain(bench, port, front, back);
    }

    private static Daemon start(Workbench bench, String name, Map<String, ?> values, int port) {
        var config = bench.folder().write(name + ".cfg", Template.fill(name + ".cfg", values));
        return bench.start(name, List.of(Binary.find("haproxy", "haproxy").toString(), "-db", "-f", config.toString()))
                .awaitPort(port, Workbench.START_LIMIT);
    }

    @Override
    public PeerKind kind() {
        return PeerKind.HAPROXY;
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
