package io.postern.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Small requests at a steady rate while one client downloads as fast as it can: does the fat one make the small wait?
record FatAndSmall(Plan plan) implements Case {
    private static final int PER_SECOND = 500;
    private static final int CONNECTIONS = 10;
    private static final Plan PLAN = new Plan(
            "fat-and-small",
            "1 KiB at 500 requests/s over 10 HTTP/2 connections beside one endless HTTP/2 download",
            Unit.REQUESTS,
            true,
            List.of(Bar.atMost(Metric.P99, 1.5)));

    FatAndSmall() {
        this(PLAN);
    }

    @Override
    public Measurement run(Trial trial) {
        Peer peer = trial.peer();
        Target target = peer.target(Origin.FILES, Protocol.H2);
        trial.bench().probe().expect(peer.target(Origin.FILES, Protocol.H1), "1k", Backends.SMALL);
        // one second longer than the small ones, so that it is there from their first to their last
        var fat = H2load.full(Protocol.H2, 1, 1, trial.seconds() + 1);
        var small = H2load.paced(Protocol.H2, CONNECTIONS, PER_SECOND, trial.seconds());
        Meter meter = trial.meter(peer);
        CompletableFuture<Sample> download = CompletableFuture.supplyAsync(
                () -> trial.load(fat, target, "100m"),
                task -> Thread.ofPlatform().start(task));
        Sample requests = trial.load(small, target, "1k");
        Sample large = download.join();
        Meter.Cost cost = meter.end();
        var faults = new ArrayList<>(requests.faults());
        if (large.bytes() == 0) {
            faults.add("the download brought nothing");
        }
        return Measurement.of(
                plan,
                trial,
                requests.perSecond(),
                (double) requests.done(),
                requests.withFaults(faults),
                cost,
                Map.of("download MB/s", large.bytes() / Unit.MEGABYTE / large.seconds()));
    }
}
