package io.postern.bench;

import io.postern.fixtures.FreePort;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How long our two processes take from exec to serving, on data that exists, with and without the cache that the
/// build makes. Ours alone: a process without state and identity is no comparison.
record Starting(Plan plan) implements Case {
    private static final Plan PLAN = new Plan(
            "start",
            "from exec to the first answer, service and connector, with and without the AOT cache",
            Unit.CONNECTIONS,
            true,
            List.of(
                    Bar.atMost("service s", 1.5, "s"),
                    Bar.atMost("service without cache s", 2.0, "s"),
                    Bar.atMost("connector s", 0.8, "s")));
    private static final Map<String, String> CACHE = Map.of();
    private static final Map<String, String> NO_CACHE = Map.of("POSTERN_AOT", "off");

    Starting() {
        this(PLAN);
    }

    @Override
    public boolean suits(PeerKind kind) {
        return kind == PeerKind.POSTERN;
    }

    @Override
    public Measurement run(Trial trial) {
        int port = FreePort.find();
        PosternFiles files = PosternFiles.write(trial.bench(), port, port);
        Postern first = Postern.start(trial.bench(), files);
        first.close();
        Meter meter = Meter.begin(trial.peer(), trial.bench(), List.of());
        var figures = new LinkedHashMap<String, Double>();
        for (boolean isCached : new boolean[] {true, false}) {
            Map<String, String> environment = isCached ? CACHE : NO_CACHE;
            String suffix = isCached ? " s" : " without cache s";
            long begin = System.nanoTime();
            Daemon service = files.startService(environment).awaitPort(port, Workbench.START_LIMIT);
            answer(trial, files, service);
            figures.put("service" + suffix, seconds(begin));
            begin = System.nanoTime();
            Daemon connector = files.startConnector(environment, "");
            connector.awaitLine(PosternFiles.CONNECTED, Workbench.START_LIMIT);
            figures.put("connector" + suffix, seconds(begin));
            connector.close();
            service.close();
        }
        Sample none = new Sample(0, 0, 0, Double.NaN, Double.NaN, List.of());
        return Measurement.of(plan, trial, Double.NaN, Double.NaN, none, meter.end(), figures);
    }

    /// The sign-in service's keys: behind gateway, door, identity and database.
    private static void answer(Trial trial, PosternFiles files, Daemon service) {
        URI uri = files.url("login");
        var target = new Target(true, uri.getHost(), files.port(), "/", Map.of(), files.authority());
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            try {
                trial.bench().probe().expectOk(target, "contoso/v2.0/.well-known/openid-configuration");
                return;
            } catch (IllegalStateException e) {
                if (System.nanoTime() > deadline) {
                    throw service.failed("serves nobody: " + e.getMessage());
                }
            }
        }
    }

    private static double seconds(long beginNanos) {
        return (System.nanoTime() - beginNanos) / 1e9;
    }
}
