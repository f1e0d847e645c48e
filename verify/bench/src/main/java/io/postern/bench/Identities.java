package io.postern.bench;

import io.postern.fixtures.FreePort;
import io.postern.fixtures.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The identity provider under load: refreshes with rotation, password sign-ins, and a flood of them.
@Command(
        name = "bench identity",
        description = {
            "Start one service, then: redeem refresh tokens of many families at once for some time, and see that each"
                    + " family has one live token and that an older one still ends it; sign users in by password with"
                    + " the whole flow of pages; post many passwords at the same moment and watch the memory.",
            "Load and service share the machine; processor time of the service alone is told too."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Identities implements Callable<Integer> {
    @Option(names = "--checkout", hidden = true, required = true)
    private Path checkout = Path.of("");

    @Option(
            names = "--database",
            paramLabel = "NAME",
            defaultValue = "sqlite",
            description = "sqlite or postgresql (default: ${DEFAULT-VALUE}).")
    private String database = "sqlite";

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "30",
            description =
                    "How long each rate is measured, after a third of it as a warm-up (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--families",
            paramLabel = "N",
            defaultValue = "32",
            description = "Refresh tokens redeemed at the same time (default: ${DEFAULT-VALUE}).")
    private int families;

    @Option(
            names = "--flood",
            paramLabel = "N",
            defaultValue = "500",
            description = "Passwords posted at the same moment (default: ${DEFAULT-VALUE}).")
    private int flood;

    @Option(
            names = "--addresses",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Loopback addresses (127.1.x.y) that these come from: what is bounded for each address does not"
                            + " help against many (default: ${DEFAULT-VALUE}).")
    private int addresses;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Identities())
                .setExecutionExceptionHandler((e, line, result) -> {
                    System.err.println("bench: " + e);
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (seconds < 1 || families < 1 || flood < 1) {
            throw new IllegalArgumentException("--seconds, --families and --flood must be 1 at least");
        }
        if (addresses < 1 || addresses > IdentityLoad.ADDRESSES_MAX) {
            throw new IllegalArgumentException("--addresses must be 1 to " + IdentityLoad.ADDRESSES_MAX);
        }
        if (!List.of("sqlite", "postgresql").contains(database)) {
            throw new IllegalArgumentException("--database is " + database + "; sqlite and postgresql are known");
        }
        try (Workbench bench = Workbench.open(checkout)) {
            int port = FreePort.find();
            PosternFiles files = PosternFiles.write(bench, port, port);
            if (database.equals("postgresql")) {
                PostgresServer server = bench.keep(PostgresServer.start());
                append(files, "database: " + server.createDatabase() + "\n");
            }
            Daemon service = files.startService(Map.of());
            Administrator ada = Administrator.of(files, service);
            IdentityLoad load = IdentityLoad.prepare(files, ada);
            refresh(load, service);
            signIn(load, service);
            flood(load, service);
            return 0;
        }
    }

    private static void append(PosternFiles files, String line) {
        try {
            Files.writeString(files.folder().resolve("postern.yaml"), line, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refresh(IdentityLoad load, Daemon service) throws Exception {
        List<Refreshing> all = load.families(families);
        IdentityLoad.together(all, Duration.ofSeconds(Math.max(1, seconds / 3)));
        double cpu = cpu(service);
        long begun = System.nanoTime();
        int before = all.stream().mapToInt(Refreshing::count).sum();
        IdentityLoad.together(all, Duration.ofSeconds(seconds));
        double took = (System.nanoTime() - begun) / 1e9;
        int count = all.stream().mapToInt(Refreshing::count).sum() - before;
        say(
                "%s: %,.0f refreshes/min, %d families, %.2f ms of a core each (bar: 5,000/min)",
                database, count * 60 / took, families, (cpu(service) - cpu) * 1000 / count);
        for (Refreshing family : all) {
            family.check();
        }
        say("each of %d families had one live token; an older one, used again, ended each", families);
    }

    private void signIn(IdentityLoad load, Daemon service) throws Exception {
        load.signIns(Duration.ofSeconds(Math.max(1, seconds / 3)));
        double cpu = cpu(service);
        int count = load.signIns(Duration.ofSeconds(seconds));
        double core = cpu(service) - cpu;
        say(
                "%s: %.1f password sign-ins/s, %.1f/s for a core of the service (bar: 15)",
                database, count / (double) seconds, count / core);
    }

    private void flood(IdentityLoad load, Daemon service) throws Exception {
        long before = resident(service);
        IdentityLoad.Flood seen = load.flood(flood, addresses, () -> resident(service));
        say(
                "flood of %d passwords from %d addresses: %d signed in, %d told to come again (503), %d held back by"
                        + " their address (429), %d of these with Retry-After, %d else, in %.1f s; resident %d MiB before,"
                        + " %d MiB at most",
                flood,
                addresses,
                seen.signedIn(),
                seen.busy(),
                seen.heldBack(),
                seen.retryAfter(),
                flood - seen.signedIn() - seen.busy() - seen.heldBack(),
                seen.seconds(),
                before >> 20,
                seen.residentMax() >> 20);
    }

    private static double cpu(Daemon service) {
        return Machine.cpuSeconds(List.of(service.handle()));
    }

    private static long resident(Daemon service) {
        return Machine.residentBytes(List.of(service.handle()));
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
