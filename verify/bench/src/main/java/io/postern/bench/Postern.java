package io.postern.bench;

import io.postern.fixtures.FreePort;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Ours, as shipped: `bin/postern service` and `bin/postern connector` with defaults, two applications with
/// pre-authentication, one user who is assigned to both and signs in like anybody. Used by the measuring thread only.
final class Postern implements Peer {
    /// Sooner than an access session ends, so that a long run never measures a redirect to the sign-in page.
    private static final Duration SIGN_IN_AGAIN = Duration.ofMinutes(10);

    private final PosternFiles files;
    private final Administrator ada;
    private final Daemon service;
    private final Daemon connector;
    private final Map<Origin, String> cookies = new EnumMap<>(Origin.class);
    private long signedInNanos;

    private Postern(Workbench bench, PosternFiles files) {
        this.files = files;
        this.service = files.startService(Map.of());
        this.ada = Administrator.of(files, service);
        this.connector = files.startConnector(Map.of(), ada.token());
        connector.awaitLine(PosternFiles.CONNECTED, Workbench.START_LIMIT);
        for (Origin origin : Origin.values()) {
            ada.publish(name(origin), bench.backends().port(origin, Protocol.H1));
        }
        signIn();
    }

    static Postern start(Workbench bench, PosternFiles files) {
        return new Postern(bench, files);
    }

    /// @param wire between connector and service
    static Postern start(Workbench bench, Wire wire) {
        int port = FreePort.find();
        return new Postern(bench, PosternFiles.write(bench, port, wire.to(port)));
    }

    private void signIn() {
        for (Origin origin : Origin.values()) {
            URI uri = files.url(name(origin) + "-contoso").resolve(origin == Origin.FILES ? "1k" : "live/count");
            cookies.put(origin, ada.cookie(uri));
        }
        signedInNanos = System.nanoTime();
    }

    private static String name(Origin origin) {
        return switch (origin) {
            case FILES -> "files";
            case LIVE -> "live";
        };
    }

    @Override
    public PeerKind kind() {
        return PeerKind.POSTERN;
    }

    @Override
    public List<Hop> hops() {
        return List.of(Hop.of("front", service), Hop.of("back", connector));
    }

    @Override
    public Target target(Origin origin, Protocol protocol) {
        if (System.nanoTime() - signedInNanos > SIGN_IN_AGAIN.toNanos()) {
            signIn();
        }
        return new Target(
                true,
                name(origin) + "-contoso." + PosternFiles.BASE_DOMAIN,
                files.port(),
                origin.prefix(),
                Map.of("Cookie", java.util.Objects.requireNonNull(cookies.get(origin))),
                files.authority());
    }

    @Override
    public void close() {
        connector.close();
        service.close();
    }
}
