package io.postern.run.quickstart;

import io.postern.domain.InternalUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Executors;

/// Tells when nobody listens where an application is said to be. A warning only: it may come later, and
/// the connector looks anew at each request.
final class Reachability {
    private static final int CONNECT_MILLIS_MAX = 500;

    private Reachability() {}

    /// Looks at all of them at once; takes half a second at most.
    static void warnAbout(List<WantedApp> apps) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            apps.forEach(app -> threads.execute(() -> look(app)));
        }
    }

    private static void look(WantedApp app) {
        InternalUrl url = app.internalUrl();
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.host(), url.port()), CONNECT_MILLIS_MAX);
        } catch (IOException e) {
            System.err.println("postern: warning: '" + app.name() + "' does not answer at " + url + " ("
                    + e.getMessage() + "); it is published and works as soon as it answers");
        }
    }
}
