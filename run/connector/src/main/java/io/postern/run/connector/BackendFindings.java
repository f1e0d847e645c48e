package io.postern.run.connector;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.serve.BackendContexts;
import io.postern.connector.serve.BackendProbe;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.tunnel.BackendSettings;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The last step of the pre-flight: asks every backend that is published to the connector, all at once, as the running
/// connector would. Runs on the thread of a command and waits.
///
/// @param sink told each finding, in the order of the backends
record BackendFindings(ConnectorSettings settings, Loops loops, LocalNames names, Consumer<Finding> sink) {
    private static final Duration STEP = Duration.ofSeconds(10);

    /// More would be a load test.
    private static final int BACKENDS_MAX = 200;

    void look(List<BackendSettings> published) throws InterruptedException {
        List<BackendSettings> all =
                published.stream().filter(backend -> !backend.isWildcard()).toList();
        if (all.size() < published.size()) {
            sink.accept(Finding.skipped(
                    "backend", (published.size() - all.size()) + " are wildcards, which have no host to ask"));
        }
        if (published.isEmpty()) {
            sink.accept(Finding.skipped("backend", "nothing is published to this connector's group yet"));
        }
        var probe = new BackendProbe(settings.serve(), loops, names, new BackendContexts(settings.backendTls()));
        record Asked(BackendSettings backend, long begun, Future<BackendProbe.Seen> seen, AtomicLong ended) {
            Duration took() {
                long at = ended.get(); // 0: the loop is about to set it
                return at == 0 ? Preflight.since(begun) : Duration.ofNanos(at - begun);
            }
        }
        var asked = new ArrayList<Asked>();
        EventLoop loop = loops.next();
        for (BackendSettings backend : all.subList(0, Math.min(all.size(), BACKENDS_MAX))) {
            long begun = System.nanoTime();
            var ended = new AtomicLong();
            Future<BackendProbe.Seen> seen = probe.ask(backend, loop, STEP);
            seen.addListener(done -> ended.set(System.nanoTime()));
            asked.add(new Asked(backend, begun, seen, ended));
        }
        for (Asked one : asked) {
            try {
                BackendProbe.Seen seen = Waiting.on(one.seen, STEP.multipliedBy(3));
                sink.accept(backend(one.backend, seen, one.took()));
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                sink.accept(Finding.failed(
                        "backend", url(one.backend) + ": " + Preflight.text(e), Preflight.since(one.begun), ""));
            }
        }
        if (all.size() > BACKENDS_MAX) {
            sink.accept(Finding.skipped("backend", (all.size() - BACKENDS_MAX) + " more were not asked"));
        }
    }

    private static Finding backend(BackendSettings backend, BackendProbe.Seen seen, Duration took) {
        if (seen.failure().isPresent()) {
            return Finding.failed(
                    "backend",
                    seen.why(),
                    took,
                    switch (seen.failure().get()) {
                        case NOT_PERMITTED ->
                            "add a rule to 'allow' in this connector's configuration, if that is meant";
                        case RESOLVE -> "check the application's internal URL and this machine's DNS";
                        case CONNECT, CONNECT_TIMEOUT ->
                            "check that it runs and that firewalls between here and there let this machine in";
                        case TLS, TLS_UNTRUSTED, TLS_EXPIRED, TLS_NAME, TLS_PIN ->
                            "trust its authority ('backend-ca'), correct the certificate, or publish the"
                                    + " application without validation";
                        case TLS_CLIENT_CERTIFICATE ->
                            "name the certificate in 'client-certificates' of this connector's configuration, and as"
                                    + " backendTls.clientCertificate of the application";
                        default -> "look at the backend's own log";
                    });
        }
        String what = url(backend) + " answers " + seen.status()
                + seen.remote().map(at -> " (" + address(at) + ")").orElse("");
        return seen.status() >= 500
                ? Finding.warning("backend", what, took, "look at the backend's own log")
                : Finding.ok("backend", what, took);
    }

    private static String address(SocketAddress at) {
        return at instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : at.toString();
    }

    private static String url(BackendSettings backend) {
        return backend.scheme() + "://" + new HostPort(backend.host(), backend.port());
    }
}
