package io.postern.bench;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.postern.fixtures.Binary;
import io.postern.fixtures.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What link translation costs, with it on and off, beside Apache's mod_proxy_html on the same pages; and whether
/// both find the same links.
@Command(
        name = "bench links",
        description = {
            "Load pages with one link per KiB through Postern and through Apache httpd, with their links translated and"
                    + " not, in turn.",
            "Prints medians and ratios, and compares every link of the translated pages. bin/bench micro Links measures"
                    + " the engine alone."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LinkBench implements Callable<Integer> {
    static final int APPLICATIONS = 4;

    private static final double OWN_SHARE = 0.7;
    private static final double PEER_FACTOR = 2;
    private static final int SMALL_CONNECTIONS = 16;
    private static final int LARGE_CONNECTIONS = 2;
    private static final Duration FETCH_LIMIT = Duration.ofSeconds(30);

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "3",
            description = "Repetitions (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "4",
            description = "How long each load lasts (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Load on each page through Postern before anything counts (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--checkout", paramLabel = "DIR", hidden = true, defaultValue = ".")
    private Path checkout = Path.of(".");

    /// Somebody who passes pages on.
    ///
    /// @param processor of it
    private record Passer(String name, Target target, Hop processor) {}

    private record Result(double perSecond, double cpuMicros) {}

    public static void main(String[] args) {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE); // or Netty looks for a binding of SLF4J
        System.exit(new CommandLine(new LinkBench())
                .setExecutionExceptionHandler((e, line, result) -> {
                    System.err.println("bench: " + e.getMessage());
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() {
        Workbench bench = Workbench.open(checkout.toAbsolutePath().normalize());
        var stop = new Thread(bench::close);
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            return measure(bench);
        } finally {
            if (!bench.isClosing()) {
                Runtime.getRuntime().removeShutdownHook(stop);
                bench.close();
            }
        }
    }

    private int measure(Workbench bench) {
        LinkPages.write(bench.folder().file("files"));
        int backend = bench.backends().filesH1();
        System.err.println("bench: starting Postern and Apache");
        List<Passer> passers = new ArrayList<>(postern(bench, backend));
        passers.addAll(apache(bench, backend));
        boolean same = compare(bench, passers);
        for (Passer passer : passers.subList(0, 2)) {
            load(bench, passer, LinkPages.SMALL, SMALL_CONNECTIONS, warmUpSeconds);
            load(bench, passer, LinkPages.LARGE, LARGE_CONNECTIONS, warmUpSeconds / 2);
        }
        Map<String, Double> small = run(bench, passers, LinkPages.SMALL, SMALL_CONNECTIONS, 1, "pages/s");
        Map<String, Double> large =
                run(bench, passers, LinkPages.LARGE, LARGE_CONNECTIONS, LinkPages.LARGE_BYTES / Unit.MEGABYTE, "MB/s");
        boolean held = tell("translation on / off, 50 KiB pages", ratio(small, "postern on", "postern off"), OWN_SHARE);
        held &= tell("Postern / mod_proxy_html, 50 KiB pages", ratio(small, "postern on", "apache on"), PEER_FACTOR);
        held &= tell("Postern / mod_proxy_html, 10 MiB page", ratio(large, "postern on", "apache on"), PEER_FACTOR);
        return held && same ? 0 : 1;
    }

    private static double ratio(Map<String, Double> of, String one, String other) {
        return of.getOrDefault(one, Double.NaN) / of.getOrDefault(other, Double.NaN);
    }

    private static boolean tell(String what, double ratio, double bar) {
        boolean held = ratio >= bar;
        System.out.printf(Locale.ROOT, "%-40s %.2f (bar: %.1f) %s%n", what, ratio, bar, held ? "held" : "missed");
        return held;
    }

    private static List<Passer> postern(Workbench bench, int backend) {
        int port = FreePort.find();
        PosternFiles files = PosternFiles.write(bench, port, port);
        Daemon service = files.startService(Map.of());
        Administrator ada = Administrator.of(files, service);
        Daemon connector = files.startConnector(Map.of(), ada.token());
        connector.awaitLine(PosternFiles.CONNECTED, Workbench.START_LIMIT);
        ada.publish("off", "http://127.0.0.1:" + backend + "/");
        ada.publish("on", "http://localhost:" + backend + "/");
        for (int i = 0; i < APPLICATIONS; i++) {
            ada.publish("app" + i, LinkPages.inside(i) + "/");
        }
        ada.translateLinks("on");
        return IntStream.range(0, 2)
                .mapToObj(i -> List.of("off", "on").get(i))
                .map(name -> new Passer(
                        "postern " + name,
                        new Target(
                                true,
                                name + "-contoso." + PosternFiles.BASE_DOMAIN,
                                port,
                                "/",
                                Map.of(
                                        "Cookie",
                                        ada.cookie(files.url(name + "-contoso").resolve("1k"))),
                                files.authority()),
                        Hop.of("both", service, connector)))
                .toList();
    }

    private static List<Passer> apache(Workbench bench, int backend) {
        int port = FreePort.find();
        var maps = new StringBuilder();
        for (int i = 0; i < APPLICATIONS; i++) {
            maps.append("ProxyHTMLURLMap ")
                    .append(LinkPages.inside(i))
                    .append(" https://app")
                    .append(i)
                    .append("-contoso.example.com\n    ");
        }
        var modules = new StringBuilder();
        for (String module :
                List.of("mpm_event", "authz_core", "headers", "ssl", "proxy", "proxy_http", "xml2enc", "proxy_html")) {
            modules.append("LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so%n".formatted(module, module));
        }
        Path config = bench.folder()
                .write(
                        "apache.conf",
                        Template.fill(
                                "apache-links.conf",
                                Map.of(
                                        "folder",
                                        bench.folder().path(),
                                        "port",
                                        port,
                                        "backend",
                                        backend,
                                        "modules",
                                        modules,
                                        "maps",
                                        maps)));
        Daemon apache = bench.start(
                        "apache",
                        List.of(Binary.find("apache2", "apache2").toString(), "-DFOREGROUND", "-f", config.toString()))
                .awaitPort(port, Workbench.START_LIMIT);
        Hop processor = Hop.of("apache", apache);
        return List.of(
                new Passer("apache off", localhost(bench, port, "/plain/"), processor),
                new Passer("apache on", localhost(bench, port, "/links/"), processor));
    }

    private static Target localhost(Workbench bench, int port, String prefix) {
        return new Target(
                true, "localhost", port, prefix, Map.of(), bench.folder().file("ca.pem"));
    }

    /// Every link of the pages as Postern and as mod_proxy_html translate it, and what Postern leaves of the rest.
    private static boolean compare(Workbench bench, List<Passer> passers) {
        boolean same = true;
        for (String page : List.of(LinkPages.SMALL, LinkPages.ODD)) {
            List<String> ours = links(fetch(bench, passers.get(1).target(), page));
            List<String> theirs = links(fetch(bench, passers.get(3).target(), page));
            List<String> plain = links(fetch(bench, passers.get(0).target(), page));
            long moved = IntStream.range(0, Math.min(ours.size(), plain.size()))
                    .filter(i -> !ours.get(i).equals(plain.get(i)))
                    .count();
            boolean equal = ours.equals(theirs) && moved == plain.size();
            System.out.printf(
                    "%s: %d links, %d translated, mod_proxy_html %s%n",
                    page,
                    plain.size(),
                    moved,
                    ours.equals(theirs) ? "says the same" : "says " + theirs + " not " + ours);
            same &= equal;
        }
        return same;
    }

    /// Without what depends on the run.
    private static List<String> links(byte[] page) {
        return LinkPages.links(page).stream()
                .map(link -> link.replaceFirst("-contoso\\.[^/]*", "-contoso"))
                .toList();
    }

    private static byte[] fetch(Workbench bench, Target target, String page) {
        Path to = bench.scratch();
        var command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--fail", "--http1.1"));
        command.addAll(List.of("--cacert", target.authority().toString(), "--output", to.toString()));
        command.addAll(List.of("--resolve", target.host() + ":" + target.port() + ":127.0.0.1"));
        target.fields().forEach((name, value) -> command.addAll(List.of("--header", name + ": " + value)));
        command.add(target.uri(page).toString());
        bench.run(command, FETCH_LIMIT);
        try {
            return Files.readAllBytes(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Double> run(
            Workbench bench, List<Passer> passers, String page, int connections, double unit, String called) {
        var all = new LinkedHashMap<String, List<Result>>();
        for (int i = 0; i < repeat; i++) {
            for (Passer passer : i % 2 == 0 ? passers : passers.reversed()) {
                System.err.println("bench: " + page + " through " + passer.name());
                all.computeIfAbsent(passer.name(), name -> new ArrayList<>())
                        .add(load(bench, passer, page, connections, seconds));
            }
        }
        var table = new Table("page", "through", called, "CPU µs/page");
        var medians = new LinkedHashMap<String, Double>();
        for (Passer passer : passers) {
            List<Result> results = all.getOrDefault(passer.name(), List.of());
            Statistics.Span speed = Statistics.span(
                    results.stream().map(r -> r.perSecond() * unit).toList());
            Statistics.Span cpu =
                    Statistics.span(results.stream().map(Result::cpuMicros).toList());
            medians.put(passer.name(), speed.median());
            table.add(List.of(
                    page,
                    passer.name(),
                    String.format(Locale.ROOT, "%,.0f [%,.0f, %,.0f]", speed.median(), speed.min(), speed.max()),
                    String.format(Locale.ROOT, "%,.0f", cpu.median())));
        }
        System.out.println(table);
        return medians;
    }

    private static Result load(Workbench bench, Passer passer, String page, int connections, int seconds) {
        Wrk wrk = new Wrk(connections, seconds, false, bench.wrkScript());
        double before = Machine.cpuSeconds(passer.processor().processes());
        String output =
                bench.run(wrk.command(passer.target(), page, bench.scratch()), Duration.ofSeconds(seconds + 30L));
        double cpu = Machine.cpuSeconds(passer.processor().processes()) - before;
        Sample sample = wrk.parse(output, bench.scratch());
        if (!sample.faults().isEmpty() || sample.done() == 0) {
            throw new IllegalStateException(passer.name() + " with " + page + ": " + sample.faults());
        }
        return new Result(sample.perSecond(), cpu * 1e6 / sample.done());
    }
}
