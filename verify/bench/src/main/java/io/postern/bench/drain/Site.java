package io.postern.bench.drain;

import io.postern.base.HostPort;
import io.postern.bench.Administrator;
import io.postern.bench.Daemon;
import io.postern.bench.PosternFiles;
import io.postern.bench.Workbench;
import io.postern.fixtures.FreePort;
import io.postern.sense.SenseDemo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A service, two connectors of one group, and the demo application behind both. Owned by one thread; what the load
/// asks for may be asked by any.
final class Site {
    private static final int CONNECTORS = 2;
    /// Sooner than an access session ends.
    private static final Duration SIGN_IN_AGAIN = Duration.ofMinutes(8);

    private final PosternFiles files;
    private final Administrator ada;
    private final List<Daemon> connectors = new ArrayList<>();
    private final String grace;
    private volatile String cookie;
    private long signedInNanos = System.nanoTime();

    private Site(Workbench bench, Duration grace) {
        this.grace = Long.toString(grace.toSeconds());
        int port = FreePort.find();
        files = PosternFiles.write(bench, port, port);
        ada = Administrator.of(files, files.startService(Map.of()));
        for (int i = 0; i < CONNECTORS; i++) {
            connectors.add(startConnector(i, ada.token()));
        }
        connectors.forEach(Site::awaitConnected);
        ada.publish("sense", bench.keep(backend()).port());
        cookie = ada.cookie(application().resolve("hub"));
    }

    static Site start(Workbench bench, Duration grace) {
        System.err.println("bench: starting a service and two connectors");
        return new Site(bench, grace);
    }

    private static SenseDemo backend() {
        try {
            return SenseDemo.start(new HostPort("127.0.0.1", 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// External URL of the application.
    URI application() {
        return files.url("sense-contoso");
    }

    Path authority() {
        return files.authority();
    }

    /// Of a session that lasts for some minutes yet.
    String cookie() {
        return cookie;
    }

    void signInAgainWhenDue() {
        if (System.nanoTime() - signedInNanos > SIGN_IN_AGAIN.toNanos()) {
            signedInNanos = System.nanoTime();
            cookie = ada.cookie(application().resolve("hub"));
        }
    }

    Daemon connector(int number) {
        return connectors.get(number % CONNECTORS);
    }

    /// Starts the one of that number again, which has ended, and waits for its tunnels.
    void startAgain(int number) {
        Daemon again = startConnector(number % CONNECTORS, "");
        awaitConnected(again);
        connectors.set(number % CONNECTORS, again);
    }

    private Daemon startConnector(int number, String token) {
        return files.startConnector("connector-" + number, Map.of(), token, "--grace", grace);
    }

    private static void awaitConnected(Daemon connector) {
        connector.awaitLine(PosternFiles.CONNECTED, Workbench.START_LIMIT);
    }
}
