package io.postern.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A bar and what came of it.
///
/// @param outcome held, missed, or not measured
record Verdict(String caseName, String bar, String measured, Outcome outcome) {
    /// Of a service and a connector that have seen every case but the idle WebSockets.
    private static final double SERVICE_MB_MAX = 250;

    private static final double CONNECTOR_MB_MAX = 120;

    enum Outcome {
        HELD,
        MISSED,
        UNMEASURED
    }

    static List<Verdict> of(List<Case> cases, Measurements measurements) {
        var verdicts = new ArrayList<Verdict>();
        for (Case each : cases) {
            Plan plan = each.plan();
            plan.bars().forEach(bar -> verdicts.addAll(of(plan, bar, measurements)));
            List<Measurement> ours = measurements.of(plan.name(), PeerKind.POSTERN);
            if (!ours.isEmpty() && ours.stream().noneMatch(Measurement::isClean)) {
                verdicts.add(new Verdict(plan.name(), "right answers", "every run has faults", Outcome.MISSED));
            }
        }
        for (var hop : List.of("front", "back")) {
            boolean isService = hop.equals("front");
            verdicts.add(judged(
                    "all",
                    isService ? "service resident" : "connector resident",
                    false,
                    isService ? SERVICE_MB_MAX : CONNECTOR_MB_MAX,
                    measurements.resident(hop, "ws-idle").max(),
                    "MB"));
        }
        return List.copyOf(verdicts);
    }

    private static List<Verdict> of(Plan plan, Bar bar, Measurements all) {
        String name = plan.name();
        return switch (bar) {
            case Bar.BesideNginx(var metric, var isFloor, var limit) ->
                List.of(all.strongerNginx(plan)
                        .map(nginx -> judged(
                                name,
                                metric.label() + " beside " + nginx.label(),
                                isFloor,
                                limit,
                                all.ratio(name, metric, nginx).median(),
                                "×"))
                        .orElseGet(
                                () -> judged(name, metric.label() + " beside nginx", isFloor, limit, Double.NaN, "×")));
            case Bar.AheadOfOthers() ->
                Stream.of(PeerKind.HAPROXY, PeerKind.CADDY, PeerKind.SSH)
                        .map(other -> judged(
                                name,
                                "throughput beside " + other.label(),
                                true,
                                1.0,
                                all.ratio(name, Metric.THROUGHPUT, other).median(),
                                "×"))
                        .toList();
            case Bar.Absolute(var figure, var isFloor, var limit, var unit) ->
                List.of(judged(
                        name,
                        figure,
                        isFloor,
                        limit,
                        all.span(name, PeerKind.POSTERN, m -> figure(m, figure)).median(),
                        unit));
        };
    }

    private static double figure(Measurement measurement, String name) {
        return name.equals("throughput")
                ? measurement.throughput()
                : measurement.figures().getOrDefault(name, Double.NaN);
    }

    private static Verdict judged(
            String caseName, String what, boolean isFloor, double limit, double measured, String unit) {
        String bar = what + (isFloor ? " ≥ " : " ≤ ") + number(limit) + " " + unit;
        if (Double.isNaN(measured)) {
            return new Verdict(caseName, bar, "-", Outcome.UNMEASURED);
        }
        boolean holds = isFloor ? measured >= limit : measured <= limit;
        return new Verdict(caseName, bar.strip(), number(measured), holds ? Outcome.HELD : Outcome.MISSED);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
