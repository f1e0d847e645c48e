package io.postern.bench;

import io.postern.fixtures.Browser;
import io.postern.fixtures.FreePort;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.ObjectMapper;

/// Ours, as shipped: `bin/postern service` and `bin/postern connector` with defaults, two applications with
/// pre-authentication, one user who is assigned to both and signs in like anybody. Used by the measuring thread only.
final class Postern implements Peer {
    private static final String USER = "ada@contoso.example";
    /// Sooner than an access session ends, so that a long run never measures a redirect to the sign-in page.
    private static final Duration SIGN_IN_AGAIN = Duration.ofMinutes(10);

    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);

    private final Workbench bench;
    private final PosternFiles files;
    private final String password = "Aa1-" + UUID.randomUUID();
    private final Daemon service;
    private final Daemon connector;
    private final Map<Origin, String> cookies = new EnumMap<>(Origin.class);
    private long signedInNanos;

    private Postern(Workbench bench, PosternFiles files) {
        this.bench = bench;
        this.files = files;
        this.service = files.startService(Map.of());
        String link = service.awaitLine("/setup?ticket=", Workbench.START_LIMIT).strip();
        makeAdministrator(URI.create(link));
        this.connector = files.startConnector(Map.of(), token());
        connector.awaitLine(PosternFiles.CONNECTED, Workbench.START_LIMIT);
        for (Origin origin : Origin.values()) {
            publish(origin);
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

    private void makeAdministrator(URI link) {
        var browser = new Browser(files.authority());
        var answer = browser.fill(
                browser.open(link),
                Map.of("displayName", "Ada Min", "localPart", "ada", "new", password, "again", password));
        if (answer.status() != 200) {
            throw new IllegalStateException("no administrator could be made: " + answer.status() + " " + answer.body());
        }
    }

    private String token() {
        return new ObjectMapper()
                .readTree(command("connector", "token", "--json"))
                .path("token")
                .asString();
    }

    private void publish(Origin origin) {
        String name = name(origin);
        int port = bench.backends().port(origin, Protocol.H1);
        command("app", "publish", "--name", name, "--internal-url", "http://127.0.0.1:" + port + "/");
        command("app", "assign", "--name", name, "--user", USER);
    }

    private String command(String... arguments) {
        var command = new ArrayList<>(List.of(bench.launcher()));
        command.addAll(List.of(arguments));
        return bench.run(command, COMMAND_LIMIT, files.environment());
    }

    private void signIn() {
        var browser = new Browser(files.authority());
        for (Origin origin : Origin.values()) {
            URI uri = files.url(name(origin) + "-contoso").resolve(origin == Origin.FILES ? "1k" : "live/count");
            var page = browser.openSignedIn(uri, USER, password);
            for (int i = 0; i < 50 && page.status() != 200; i++) { // a new application is routed within a moment
                pause();
                page = browser.openSignedIn(uri, USER, password);
            }
            if (page.status() != 200) {
                throw new IllegalStateException("signing in at " + uri + " ends with " + page.status());
            }
            cookies.put(origin, browser.cookiesFor(uri.getHost()));
        }
        signedInNanos = System.nanoTime();
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
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
