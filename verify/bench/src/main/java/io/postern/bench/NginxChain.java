package io.postern.bench;

import io.postern.fixtures.FreePort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// nginx before nginx, mutual TLS between them, keep-alive everywhere, no access log.
record NginxChain(PeerKind kind, Workbench bench, int port, Daemon front, Daemon back) implements Peer {
    /// The two set-ups of which the stronger counts for each case.
    private static final Map<String, ?> LEAN =
            Map.of("workers", 1, "buffers", "16 16k", "buffer", "16k", "busy", "32k");
    private static final Map<String, ?> WIDE =
            Map.of("workers", 2, "buffers", "16 64k", "buffer", "64k", "busy", "128k");

    static NginxChain start(Workbench bench, Wire wire, PeerKind kind) {
        int inner = FreePort.find();
        int port = FreePort.find();
        var values = new HashMap<String, Object>(kind == PeerKind.NGINX_2 ? WIDE : LEAN);
        values.putAll(Map.of(
                "port", port,
                "inner", inner,
                "hop", wire.to(inner),
                "files", bench.backends().port(Origin.FILES, Protocol.H1),
                "live", bench.backends().port(Origin.LIVE, Protocol.H1)));
        Daemon back = Nginx.start(bench, kind.label() + "-back", "nginx-back.conf", values, inner);
        Daemon front = Nginx.start(bench, kind.label() + "-front", "nginx-front.conf", values, port);
        return new NginxChain(kind, bench, port, front, back);
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
