package io.postern.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tables of a run, as Markdown that reads well in a terminal.
final class Report {
    private final List<Case> cases;
    private final Measurements measurements;

    Report(List<Case> cases, Measurements measurements) {
        this.cases = cases;
        this.measurements = measurements;
    }

    String text() {
        var parts = new ArrayList<String>();
        section(parts, "Ours divided by theirs, median of the ratios within a repetition [least, greatest]", ratios());
        section(parts, "Bars", verdicts());
        section(parts, "Medians [least, greatest]", absolutes());
        section(parts, "More figures, medians", figures());
        section(parts, "Added latency at 1,000 requests/s, median of ours minus median of the backend direct", added());
        section(parts, "Runs with faults: shown, and in no figure above", faults());
        parts.add(load());
        return String.join("\n", parts);
    }

    private static void section(List<String> parts, String title, Table table) {
        if (!table.isEmpty()) {
            parts.add(title + ":\n\n" + table);
        }
    }

    private Table ratios() {
        var table = new Table("case", "beside", "throughput", "p50", "p99", "CPU", "memory");
        for (Case each : cases) {
            Plan plan = each.plan();
            for (PeerKind other : PeerKind.values()) {
                if (other == PeerKind.POSTERN
                        || measurements
                                        .ratio(plan.name(), Metric.THROUGHPUT, other)
                                        .count()
                                == 0) {
                    continue;
                }
                boolean isStronger =
                        measurements.strongerNginx(plan).filter(other::equals).isPresent();
                var row = new ArrayList<>(List.of(plan.name(), other.label() + (isStronger ? " *" : "")));
                for (Metric metric : Metric.values()) {
                    row.add(
                            metric == Metric.THROUGHPUT && plan.isPaced()
                                    ? "-"
                                    : span(measurements.ratio(plan.name(), metric, other), "%.2f"));
                }
                table.add(row);
            }
        }
        return table;
    }

    private Table verdicts() {
        var table = new Table("case", "bar", "measured", "");
        for (Verdict verdict : Verdict.of(cases, measurements)) {
            if (verdict.outcome() != Verdict.Outcome.UNMEASURED) {
                table.add(List.of(
                        verdict.caseName(),
                        verdict.bar(),
                        verdict.measured(),
                        verdict.outcome().name().toLowerCase(Locale.ROOT)));
            }
        }
        return table;
    }

    private Table absolutes() {
        var table = new Table(
                "case",
                "peer",
                "throughput",
                "",
                "p50 ms",
                "p99 ms",
                "CPU",
                "front + back",
                "",
                "memory MB",
                "runs",
                "other cores");
        for (Case each : cases) {
            Plan plan = each.plan();
            for (PeerKind peer : PeerKind.values()) {
                List<Measurement> runs = measurements.of(plan.name(), peer);
                if (runs.isEmpty()) {
                    continue;
                }
                long clean = runs.stream().filter(Measurement::isClean).count();
                table.add(List.of(
                        plan.name(),
                        peer.label(),
                        span(measurements.span(plan.name(), peer, Measurement::throughput), "%,.0f"),
                        plan.unit().rate(),
                        span(measurements.span(plan.name(), peer, Measurement::p50Millis), "%.2f"),
                        span(measurements.span(plan.name(), peer, Measurement::p99Millis), "%.2f"),
                        median(plan, peer, Measurement::cpuMicros),
                        median(plan, peer, m -> m.cpuMicrosByHop().getOrDefault("front", Double.NaN)) + " + "
                                + median(plan, peer, m -> m.cpuMicrosByHop().getOrDefault("back", Double.NaN)),
                        plan.unit().cost(),
                        median(plan, peer, Measurement::residentMegabytes),
                        clean + "/" + runs.size(),
                        String.format(
                                Locale.ROOT,
                                "%.2f",
                                measurements
                                        .span(plan.name(), peer, Measurement::otherCores)
                                        .median())));
            }
        }
        return table;
    }

    private String median(Plan plan, PeerKind peer, java.util.function.ToDoubleFunction<Measurement> reading) {
        double median = measurements.span(plan.name(), peer, reading).median();
        return Double.isNaN(median) ? "-" : String.format(Locale.ROOT, "%,.0f", median);
    }

    private Table figures() {
        var table = new Table("case", "peer", "figure", "median");
        for (Case each : cases) {
            for (PeerKind peer : PeerKind.values()) {
                String name = each.plan().name();
                Map<String, List<Double>> byFigure = measurements.of(name, peer).stream()
                        .flatMap(m -> m.figures().entrySet().stream())
                        .collect(Collectors.groupingBy(
                                Map.Entry::getKey,
                                TreeMap::new,
                                Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
                byFigure.forEach((figure, values) ->
                        table.add(List.of(name, peer.label(), figure, span(Statistics.span(values), "%,.2f"))));
            }
        }
        return table;
    }

    private Table added() {
        var table = new Table("case", "peer", "p50 ms", "p99 ms");
        for (String name : List.of("h1-1k-rate", "h2-1k-rate")) {
            for (PeerKind peer : PeerKind.values()) {
                var ours = measurements.span(name, peer, Measurement::p50Millis);
                var direct = measurements.span(name, PeerKind.DIRECT, Measurement::p50Millis);
                if (peer == PeerKind.DIRECT || ours.count() == 0 || direct.count() == 0) {
                    continue;
                }
                table.add(Stream.concat(
                                Stream.of(name, peer.label()),
                                Stream.of(Metric.P50, Metric.P99)
                                        .map(metric -> String.format(
                                                Locale.ROOT,
                                                "%+.2f",
                                                measurements
                                                                .span(name, peer, metric::of)
                                                                .median()
                                                        - measurements
                                                                .span(name, PeerKind.DIRECT, metric::of)
                                                                .median())))
                        .toList());
            }
        }
        return table;
    }

    private Table faults() {
        var table = new Table("case", "peer", "repetition", "what");
        measurements.all().stream()
                .filter(m -> !m.isClean())
                .forEach(m -> table.add(List.of(
                        m.caseName(),
                        m.peer().label(),
                        Integer.toString(m.repetition() + 1),
                        String.join("; ", m.faults()).replace("|", "/").replace("\n", " "))));
        return table;
    }

    private String load() {
        var other = Statistics.span(
                measurements.all().stream().map(Measurement::otherCores).toList());
        var stolen = Statistics.span(
                measurements.all().stream().map(Measurement::stolenCores).toList());
        return String.format(
                Locale.ROOT,
                "Other work on the machine kept %.2f cores busy (median of the runs, at most %.2f); the hypervisor withheld"
                        + " %.2f (at most %.2f).%n* the stronger of the two nginx set-ups in that case. MB are 10⁶ bytes.%n",
                other.median(),
                other.max(),
                stolen.median(),
                stolen.max());
    }

    private static String span(Statistics.Span span, String format) {
        if (span.count() == 0) {
            return "-";
        }
        String median = String.format(Locale.ROOT, format, span.median());
        return span.count() == 1
                ? median
                : median + String.format(Locale.ROOT, " [" + format + ", " + format + "]", span.min(), span.max());
    }
}
