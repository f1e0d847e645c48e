package io.postern.bench;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.ObjectMapper;

/// The run: every case on every peer, interleaved, so that whatever else the machine does hits all of them alike.
@Command(
        name = "bench",
        description = "Measure Postern beside nginx, HAProxy, Caddy and ssh -R, all on this machine.",
        footer = "%nbin/bench micro measures single steps of the path instead; bin/bench micro --help tells how.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Bench implements Callable<Integer> {
    @Option(names = "--case", paramLabel = "GLOB,...", description = "Cases to run (default: all); --list names them.")
    private String caseGlobs = "*";

    @Option(names = "--peers", paramLabel = "NAME,...", description = "Peers beside Postern (default: all).")
    private @Nullable String peerNames;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "Repetitions; the order of the peers is reversed in every second (default: ${DEFAULT-VALUE}).")
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
            defaultValue = "40",
            description =
                    "Load before anything counts; a JVM needs it, the others get a tenth (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(
            names = "--json",
            paramLabel = "FILE|-",
            description = "Write every run; - is standard output, the tables then go to standard error.")
    private @Nullable String json;

    @Option(names = "--no-record", description = "Do not append to verify/bench/RESULTS.md.")
    private boolean isNotRecorded;

    @Option(names = "--list", description = "Name cases and peers, measure nothing.")
    private boolean isList;

    @Option(
            names = "--checkout",
            paramLabel = "DIR",
            hidden = true,
            defaultValue = ".",
            description = "Where bin/postern lies.")
    private Path checkout = Path.of(".");

    public static void main(String[] args) {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE); // or Netty looks for a binding of SLF4J
        System.exit(new CommandLine(new Bench())
                .setExecutionExceptionHandler((e, line, result) -> {
                    System.err.println("bench: " + e.getMessage());
                    if (System.getenv("POSTERN_DEBUG") != null) {
                        e.printStackTrace();
                    }
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (isList) {
            list();
            return 0;
        }
        List<Case> cases = Cases.select(Cases.all(), caseGlobs);
        List<PeerKind> peers = peers();
        Workbench bench = Workbench.open(checkout.toAbsolutePath().normalize());
        var stop = new Thread(bench::close);
        Runtime.getRuntime().addShutdownHook(stop); // Ctrl-C: nothing of ours survives
        try {
            var measurements = new Measurements(measure(bench, cases, peers));
            Map<String, String> facts = Circumstances.of(bench, checkout, how());
            report(cases, measurements, facts);
            return measurements.all().stream().anyMatch(Measurement::isClean) ? 0 : 1;
        } finally {
            if (!bench.isClosing()) { // else the hook is at it
                Runtime.getRuntime().removeShutdownHook(stop);
                bench.close();
            }
        }
    }

    private void list() {
        for (Case each : Cases.all()) {
            System.out.printf("%-18s %s%n", each.plan().name(), each.plan().about());
        }
        System.out.println();
        for (PeerKind kind : PeerKind.values()) {
            System.out.printf("%-18s %s%n", kind.label(), kind.about());
        }
    }

    private List<PeerKind> peers() {
        List<PeerKind> all = List.of(PeerKind.values());
        if (peerNames == null) {
            return all;
        }
        List<String> wanted =
                Arrays.stream(peerNames.split(",")).map(String::strip).toList();
        wanted.forEach(name -> {
            if (all.stream().noneMatch(kind -> kind.label().equals(name))) {
                throw new IllegalArgumentException("no peer is called '" + name + "'; there are "
                        + String.join(", ", all.stream().map(PeerKind::label).toList()));
            }
        });
        return all.stream()
                .filter(kind -> kind == PeerKind.POSTERN || wanted.contains(kind.label()))
                .toList();
    }

    private String how() {
        return repeat + " repetitions, " + seconds + " s for each load, " + warmUpSeconds + " s of warm-up";
    }

    private List<Measurement> measure(Workbench bench, List<Case> cases, List<PeerKind> peers) {
        var lineup = new Lineup(bench);
        var progress = new Progress(cases, peers, repeat);
        for (PeerKind kind : peers) {
            progress.note("starting and warming up " + kind.label());
            WarmUp.run(
                    new Trial(0, bench, lineup, kind, kind == PeerKind.POSTERN ? warmUpSeconds : warmUpSeconds / 10));
        }
        var all = new ArrayList<Measurement>();
        for (int repetition = 0; repetition < repeat; repetition++) {
            List<PeerKind> order = repetition % 2 == 0 ? peers : peers.reversed();
            for (Case each : cases) {
                for (PeerKind kind : order) {
                    if (each.suits(kind)) {
                        Measurement one = run(each, new Trial(repetition, bench, lineup, kind, seconds));
                        progress.done(each.plan(), one);
                        all.add(one);
                    }
                }
            }
        }
        return all;
    }

    private static Measurement run(Case each, Trial trial) {
        try {
            return each.run(trial);
        } catch (RuntimeException e) {
            if (trial.bench().isClosing()) {
                throw new IllegalStateException("stopped before the end; nothing is recorded", e);
            }
            return Measurement.failed(each.plan(), trial, String.valueOf(e.getMessage()));
        }
    }

    private void report(List<Case> cases, Measurements measurements, Map<String, String> facts) throws IOException {
        var text = new StringBuilder();
        facts.forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        text.append('\n').append(new Report(cases, measurements).text());
        boolean isJsonOut = "-".equals(json);
        (isJsonOut ? System.err : System.out).println(text);
        if (json != null) {
            var document = new LinkedHashMap<String, Object>();
            document.put("circumstances", facts);
            document.put("runs", measurements.all());
            document.put("bars", Verdict.of(cases, measurements));
            String line = new ObjectMapper().writeValueAsString(document);
            if (isJsonOut) {
                System.out.println(line);
            } else {
                Files.writeString(Path.of(json), line + "\n");
            }
        }
        if (!isNotRecorded) {
            Path results = checkout.resolve("verify/bench/RESULTS.md");
            String title = String.format(Locale.ROOT, "%n## %s%n%n", facts.get("date"));
            Files.writeString(results, title + text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            System.err.println("bench: appended to " + results);
        }
    }
}
