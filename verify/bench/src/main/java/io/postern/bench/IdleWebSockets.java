package io.postern.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// 10,000 WebSockets that say nothing: what do they cost, and are they all still there afterwards?
record IdleWebSockets(Plan plan) implements Case {
    private static final int COUNT = 10_000;
    private static final Duration OPEN_LIMIT = Duration.ofMinutes(2);
    /// What opening leaves behind (garbage, timers) is not what idling costs.
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private static final int HOLD_SECONDS_MIN = 10;
    private static final Plan PLAN = new Plan(
            "ws-idle",
            "10,000 idle WebSockets: opened, held, then each asked once",
            Unit.SOCKETS,
            false,
            List.of(
                    Bar.atMost("dropped", 0, ""),
                    Bar.atMost("resident MB", 500, "MB"),
                    Bar.atMost("idle CPU %", 3, "% of a core")));

    IdleWebSockets() {
        this(PLAN);
    }

    @Override
    public Measurement run(Trial trial) {
        Peer peer = trial.peer();
        Target target = trial.liveTarget();
        Meter opening = Meter.begin(peer, trial.bench(), List.of());
        try (Daemon client = WebSocketClients.idle(trial.bench(), target, COUNT)) {
            Sample opened = WebSocketClients.parse(client.awaitLine(WebSocketClients.OPEN, OPEN_LIMIT));
            Meter.Cost cost = opening.end();
            LockSupport.parkNanos(SETTLE.toNanos());
            Meter idling = Meter.begin(peer, trial.bench(), List.of(client));
            LockSupport.parkNanos(Duration.ofSeconds(Math.max(HOLD_SECONDS_MIN, trial.seconds()))
                    .toNanos());
            Meter.Cost idle = idling.end();
            client.tell("ask");
            Sample asked = WebSocketClients.parse(client.awaitLine(WebSocketClients.RESULT, OPEN_LIMIT));
            var figures = new LinkedHashMap<String, Double>();
            figures.put("held", (double) asked.done());
            figures.put("dropped", (double) (COUNT - asked.done()));
            figures.put("resident MB", idle.residentBytes() / Unit.MEGABYTE);
            figures.put("idle CPU %", idle.cpuSeconds() / idle.seconds() * 100);
            return Measurement.of(plan, trial, opened.perSecond(), (double) opened.done(), opened, cost, figures);
        }
    }
}
