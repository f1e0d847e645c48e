package io.postern.bench;

import java.util.List;
import java.util.Map;

/// No proxy at all: what every hop is added to.
record Direct(Workbench bench) implements Peer {
    @Override
    public PeerKind kind() {
        return PeerKind.DIRECT;
    }

    @Override
    public List<Hop> hops() {
        return List.of();
    }

    @Override
    public Target target(Origin origin, Protocol protocol) {
        return new Target(
                false,
                "localhost",
                bench.backends().port(origin, protocol),
                origin.prefix(),
                Map.of(),
                bench.folder().file("ca.pem"));
    }

    @Override
    public void close() {} // the backends are the bench's
}
