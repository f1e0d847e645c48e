package io.postern.bench;

import io.postern.fixtures.Binary;
import io.postern.fixtures.FreePort;
import java.util.List;
import java.util.Map;

/// Caddy before Caddy, mutual TLS between them, HTTP/2 there as Caddy does by itself, no log.
record CaddyChain(Workbench bench, int port, Daemon front, Daemon back) implements Peer {
    static CaddyChain start(Workbench bench, Wire wire) {
        int inner = FreePort.find();
        int port = FreePort.find();
        Map<String, ?> values = Map.of(
                "folder", bench.folder().path(),
                "port", port,
                "inner", inner,
                "hop", wire.to(inner),
                "files", bench.backends().port(Origin.FILES, Protocol.H1),
                "live", bench.backends().port(Origin.LIVE, Protocol.H1));
        Daemon back = start(bench, "caddy-back", values, inner);
        Daemon front = start(bench, "caddy-front", values, port);
        return new CaddyChain(bench, port, front, back);
    }

    private static Daemon start(Workbench bench, String name, Map<String, ?> values, int port) {
        var config = bench.folder().write(name + ".caddyfile", Template.fill(name + ".caddyfile", values));
        String own = bench.folder().path().toString();
        return bench.start(
                        name,
                        List.of(
                                Binary.find("caddy", "caddy").toString(),
                                "run",
                                "--config",
                                config.toString(),
                                "--adapter",
                                "caddyfile"),
                        Map.of("HOME", own, "XDG_DATA_HOME", own, "XDG_CONFIG_HOME", own),
                        "")
                .awaitPort(port, Workbench.START_LIMIT);
    }

    @Override
    public PeerKind kind() {
        return PeerKind.CADDY;
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
