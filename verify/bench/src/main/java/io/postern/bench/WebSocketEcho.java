package io.postern.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Messages to and fro on open WebSockets.
record WebSocketEcho(Plan plan) implements Case {
    private static final int CONNECTIONS = 16;
    private static final int EACH = 4;
    private static final Plan PLAN = new Plan(
            "ws-echo",
            "WebSocket echo of 128 bytes, 64 messages in flight on 16 connections",
            Unit.MESSAGES,
            false,
            List.of(Bar.atLeast(Metric.THROUGHPUT, 1.0), new Bar.AheadOfOthers()));

    WebSocketEcho() {
        this(PLAN);
    }

    @Override
    public Measurement run(Trial trial) {
        Peer peer = trial.peer();
        Target target = trial.liveTarget();
        try (Daemon client = WebSocketClients.echo(trial.bench(), target, CONNECTIONS, EACH, trial.seconds())) {
            client.awaitLine(WebSocketClients.BEGIN, Workbench.START_LIMIT);
            Meter meter = Meter.begin(peer, trial.bench(), List.of(client));
            String line = client.awaitLine(WebSocketClients.RESULT, Duration.ofSeconds(trial.seconds() + 30L));
            Meter.Cost cost = meter.end();
            Sample sample = WebSocketClients.parse(line);
            return Measurement.of(plan, trial, sample.perSecond(), (double) sample.done(), sample, cost, Map.of());
        }
    }
}
