package io.postern.bench;

import io.postern.base.EnrollmentToken;
import io.postern.base.HostPort;
import io.postern.connector.Connector;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.enroll.Enrollment;
import io.postern.connector.enroll.Identity;
import io.postern.connector.serve.BackendCredentials;
import io.postern.connector.serve.ServeSettings;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.dial.Dialler;
import io.postern.net.dial.ProxyChoice;
import io.postern.tunnel.ConnectorStatus;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Many connectors in this process, each with a key and a certificate of its own, over the code that a connector's
/// process runs: enrolment, dialling, mutual TLS, hello, keep-alive, back-off. They share event loops and the name
/// look-up, and nothing else.
final class FleetConnectors implements AutoCloseable {
    /// At once; more would only queue at the same two cores.
    private static final int ENROLLING_MAX = 16;

    private final HostPort service;
    private final Loops loops = Loops.open("fleet", 2);
    private final LocalNames names = new LocalNames();
    private final List<Connector> connectors = new ArrayList<>();

    FleetConnectors(HostPort service) {
        this.service = service;
    }

    /// Registers `count` connectors.
    ///
    /// @param tokens makes a token; called by many threads
    /// @return how many could not be registered
    int enroll(int count, Supplier<String> tokens) throws InterruptedException {
        var dialler = new Dialler(loops, names, ProxyChoice.none());
        var gate = new Semaphore(ENROLLING_MAX);
        var enrolled = new ArrayList<Future<Identity>>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                var self = new Enrollment.Self("fleet-" + i, "0.1.0", "fleet");
                Callable<Identity> work = () -> {
                    gate.acquire();
                    try {
                        return new Enrollment(dialler, service, self).enroll(EnrollmentToken.parse(tokens.get()));
                    } finally {
                        gate.release();
                    }
                };
                enrolled.add(workers.submit(work));
            }
        }
        int failed = 0;
        for (int i = 0; i < count; i++) {
            try {
                add(i, enrolled.get(i).get());
            } catch (ExecutionException e) {
                failed++;
                System.err.println("bench: connector " + i + ": " + e.getCause());
            }
        }
        return failed;
    }

    private void add(int number, Identity identity) {
        // one authority instead of the system's hundred: the trust store would be this process's memory, not a finding
        List<X509Certificate> authorities = List.of(identity.authority());
        var settings = new ConnectorSettings(
                ServeSettings.defaults(),
                ProxyChoice.none(),
                2,
                loops.count(),
                new BackendCredentials(authorities, List.of(), Map.of()),
                List.of(),
                Optional.empty(),
                new HostPort("127.0.0.1", 0),
                Duration.ZERO,
                ConnectorSettings.defaults().logs());
        connectors.add(new Connector(
                settings,
                List.of(service),
                identity,
                new Enrollment.Self("fleet-" + number, "0.1.0", "fleet"),
                loops,
                names,
                () -> ConnectorStatus.Host.unknown(1),
                new PrometheusRegistry()));
    }

    void start() {
        connectors.forEach(Connector::start);
    }

    int count() {
        return connectors.size();
    }

    int ready() {
        return (int) connectors.stream().filter(c -> c.status().isReady()).count();
    }

    int tunnels() {
        return connectors.stream().mapToInt(c -> c.status().tunnels()).sum();
    }

    /// How many connectors name which problem now, by its first word.
    Map<String, Integer> problems() {
        var found = new TreeMap<String, Integer>();
        for (Connector connector : connectors) {
            String problem = connector.status().problem();
            if (!problem.isEmpty()) {
                found.merge(problem.split(":", 2)[0], 1, Integer::sum);
            }
        }
        return found;
    }

    @Override
    public void close() {
        CompletableFuture<?>[] stopping =
                connectors.stream().map(c -> c.stop(Duration.ZERO)).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(stopping)
                .completeOnTimeout(null, 5, TimeUnit.SECONDS)
                .join();
        loops.close(Duration.ofSeconds(2)).awaitUninterruptibly(5_000);
    }
}
