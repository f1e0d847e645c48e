package io.postern.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Four times the clients that saturate it: does it still get as much done, and how soon is it well again?
/// Refusals are allowed and do not count as done.
record Overload(Plan plan) implements Case {
    private static final int TIMES = 4;
    private static final int CALM = 20;
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(20);
    private static final Plan PLAN = new Plan(
            "overload",
            "1 KiB over HTTP/1.1 by 128 connections, after 32 that saturate it",
            Unit.REQUESTS,
            false,
            List.of(
                    Bar.atLeast("kept of the peak", 0.9, ""),
                    Bar.atMost("recovered after s", 2.0, "s"),
                    new Bar.AheadOfOthers()));

    Overload() {
        this(PLAN);
    }

    @Override
    public boolean suits(PeerKind kind) {
        return kind != PeerKind.DIRECT;
    }

    @Override
    public Measurement run(Trial trial) {
        Peer peer = trial.peer();
        Target target = peer.target(Origin.FILES, Protocol.H1);
        trial.bench().probe().expect(target, "1k", Backends.SMALL);
        long quietNanos = slowestOf(trial, target, CALM);
        Sample peak = trial.load(wrk(trial, Cases.CONNECTIONS_FULL), target, "1k");
        Meter meter = trial.meter(peer);
        Sample loaded = trial.load(wrk(trial, TIMES * Cases.CONNECTIONS_FULL), target, "1k");
        Meter.Cost cost = meter.end();
        double recovered = secondsUntilCalm(trial, target, 2 * quietNanos);
        var figures = new LinkedHashMap<String, Double>();
        figures.put("kept of the peak", loaded.perSecond() / peak.perSecond());
        figures.put("recovered after s", recovered);
        List<String> faults = loaded.faults().stream()
                .filter(fault -> !fault.contains("not 2xx"))
                .toList();
        return Measurement.of(
                plan,
                trial,
                loaded.perSecond(),
                (double) loaded.done(),
                loaded.withFaults(faults),
                cost,
                Map.copyOf(figures));
    }

    private static Wrk wrk(Trial trial, int connections) {
        return new Wrk(connections, trial.seconds(), false, trial.bench().wrkScript());
    }

    /// Seconds until as many requests as [#CALM], one after another, are all right and none slower than `limitNanos`,
    /// but at least 10 ms: below that the machine's own noise decides.
    private static double secondsUntilCalm(Trial trial, Target target, long limitNanos) {
        long limit = Math.max(limitNanos, Duration.ofMillis(10).toNanos());
        long begin = System.nanoTime();
        long calmSince = begin;
        int calm = 0;
        while (calm < CALM) {
            long asked = System.nanoTime();
            boolean good =
                    trial.bench().probe().get(target, "1k").status() == 200 && System.nanoTime() - asked <= limit;
            calm = good ? calm + 1 : 0;
            if (!good) {
                calmSince = System.nanoTime();
                if (calmSince - begin > RECOVERY_MAX.toNanos()) {
                    return Double.POSITIVE_INFINITY;
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        return (calmSince - begin) / 1e9;
    }

    private static long slowestOf(Trial trial, Target target, int requests) {
        long slowest = 0;
        for (int i = 0; i < requests; i++) {
            long asked = System.nanoTime();
            trial.bench().probe().expect(target, "1k", Backends.SMALL);
            slowest = Math.max(slowest, System.nanoTime() - asked);
        }
        return slowest;
    }
}
