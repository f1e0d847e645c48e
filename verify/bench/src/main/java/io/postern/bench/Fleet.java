package io.postern.bench;

import io.postern.base.HostPort;
import io.postern.fixtures.Browser;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.TempFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// Many idle connectors against one service: its memory, what their heartbeats cost, and the storm when it comes
/// back after a restart.
@Command(
        name = "bench fleet",
        description = {
            "Register many connectors with one service node and leave them idle; then restart the service.",
            "Prints its memory, the processor time of the heartbeats, and how long until every connector is back."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Fleet implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration CONNECT_LIMIT = Duration.ofMinutes(5);

    @Option(names = "--checkout", hidden = true, required = true)
    private Path checkout = Path.of("");

    @Option(
            names = "--connectors",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long heartbeats are measured (default: ${DEFAULT-VALUE}).")
    private int idleSeconds;

    private final TempFolder folder = TempFolder.create("fleet");
    private final int port = FreePort.find();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Fleet())
                .setExecutionExceptionHandler((e, line, result) -> {
                    System.err.println("bench: " + e);
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (count < 1) {
            throw new IllegalArgumentException("--connectors is " + count + "; 1 is the least");
        }
        write();
        var connectors = new FleetConnectors(new HostPort("connect.postern.localhost", port));
        Daemon service = start(0);
        try {
            makeAdministrator(
                    URI.create(service.awaitLine("/setup?ticket=", START_LIMIT).strip()));
            int failed = measure(service, connectors);
            service.close();
            service = start(1);
            failed += storm(service, connectors);
            System.out.println("failed=" + failed + " of=" + count);
            return failed == 0 ? 0 : 1;
        } finally {
            connectors.close();
            service.close();
            folder.close();
        }
    }

    private int measure(Daemon service, FleetConnectors connectors) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(trust()).build()) {
            long begun = System.nanoTime();
            int failed = connectors.enroll(count, () -> mint(client));
            say(String.format(
                    Locale.ROOT,
                    "registered %d of %d connectors in %.1f s",
                    connectors.count(),
                    count,
                    seconds(begun)));
            begun = System.nanoTime();
            connectors.start();
            await("every connector has its tunnels", connectors, () -> connectors.ready() == connectors.count());
            say(String.format(Locale.ROOT, "connected: %d tunnels in %.1f s", connectors.tunnels(), seconds(begun)));
            List<ProcessHandle> process = List.of(service.handle());
            pause(Duration.ofSeconds(20)); // what starting has left behind is given back
            double before = Machine.cpuSeconds(process);
            begun = System.nanoTime();
            pause(Duration.ofSeconds(idleSeconds));
            double cores = (Machine.cpuSeconds(process) - before) / seconds(begun);
            say(String.format(
                    Locale.ROOT,
                    "idle: service %d MiB resident, heartbeats %.1f %% of one core (over %d s)",
                    Machine.residentBytes(process) >> 20,
                    cores * 100,
                    idleSeconds));
            return failed;
        }
    }

    /// From the moment in which the service listens again.
    private int storm(Daemon service, FleetConnectors connectors) {
        service.awaitPort(port, START_LIMIT);
        long begun = System.nanoTime();
        int least = connectors.count();
        var refused = new TreeMap<String, Integer>();
        long until = begun + CONNECT_LIMIT.toNanos();
        while (connectors.ready() < connectors.count() && System.nanoTime() < until) {
            connectors.problems().forEach((problem, now) -> refused.merge(problem, now, Math::max));
            least = Math.min(least, connectors.ready());
            pause(Duration.ofMillis(20));
        }
        refused.keySet()
                .removeAll(List.of("connect", "stopped", "lost", "drained", "peer-drained")); // while it was down
        say(String.format(
                Locale.ROOT,
                "storm: %d of %d connectors back in %.1f s after the service listened (fewest at once %d); refused or"
                        + " failed registrations: %s; service %d MiB",
                connectors.ready(),
                connectors.count(),
                seconds(begun),
                least,
                refused.isEmpty() ? "none" : refused,
                Machine.residentBytes(List.of(service.handle())) >> 20));
        return connectors.count()
                - connectors.ready()
                + refused.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void write() throws IOException {
        Files.writeString(
                folder.file("postern.yaml"), """
                base-domain: postern.localhost
                listen: 127.0.0.1:%d
                data: %s
                tenant-name: contoso
                tenant-domain: contoso.example
                metrics-listen: 127.0.0.1:0
                api-token-file: %s
                connections-per-address-max: 100000
                """.formatted(port, folder.file("data"), folder.file("api-token")));
    }

    private Daemon start(int number) {
        return Daemon.start(
                "service",
                folder.file("service-" + number + ".log"),
                List.of(
                        checkout.resolve("bin/postern").toString(),
                        "service",
                        "--config",
                        folder.file("postern.yaml").toString()),
                Map.of("POSTERN_NO_BUILD", "1"),
                "");
    }

    private void makeAdministrator(URI link) {
        var browser = new Browser(folder.file("data").resolve("ca.pem"));
        String password = "Aa1-" + UUID.randomUUID();
        var answer = browser.fill(
                browser.open(link),
                Map.of("displayName", "Ada Min", "localPart", "ada", "new", password, "again", password));
        if (answer.status() != 200) {
            throw new IllegalStateException("no administrator could be made: " + answer.status());
        }
    }

    private String mint(HttpClient client) {
        try {
            var request = HttpRequest.newBuilder(URI.create("https://api.postern.localhost:" + port
                            + "/v1.0/onPremisesPublishingProfiles/applicationProxy/connectorTokens"))
                    .header(
                            "Authorization",
                            "Bearer "
                                    + Files.readString(folder.file("api-token")).strip())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException("no token: " + answer.statusCode() + " " + answer.body());
            }
            return JsonMapper.shared().readTree(answer.body()).path("token").asString();
        } catch (IOException e) {
            throw new IllegalStateException("no token", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private SSLContext trust() throws IOException, GeneralSecurityException {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        try (var in = Files.newInputStream(folder.file("data").resolve("ca.pem"))) {
            anchors.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(anchors);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, factory.getTrustManagers(), null);
        return tls;
    }

    private static void await(String what, FleetConnectors connectors, BooleanSupplier condition) {
        long until = System.nanoTime() + CONNECT_LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("not within " + CONNECT_LIMIT.toMinutes() + " minutes: " + what + "; "
                        + connectors.ready() + " are ready, problems " + connectors.problems());
            }
            pause(Duration.ofMillis(50));
        }
    }

    private static void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static double seconds(long begunNanos) {
        return (System.nanoTime() - begunNanos) / 1e9;
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
