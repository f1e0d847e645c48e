package io.postern.bench;

import static io.postern.bench.Protocol.H1;
import static io.postern.bench.Protocol.H2;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All cases, in the order in which they run.
final class Cases {
    /// wrk's and h2load's concurrency at which two processors are busy and queues are short.
    static final int CONNECTIONS_FULL = 32;

    private static final int PACED_PER_SECOND = 1_000;
    private static final int PACED_CONNECTIONS = 10;
    /// 100 MiB files for each second of a run: what a connection of some 200 MB/s gets through.
    private static final int LARGE_PER_SECOND = 2;

    private Cases() {}

    static List<Case> all() {
        var cases = new ArrayList<Case>();
        cases.add(files("h1-1k-full", "1 KiB, 32 connections at full speed", H1, "1k", Bar.saturated(), Cases::wrk));
        cases.add(files(
                "h2-1k-full",
                "1 KiB, 8 connections of 8 streams at full speed",
                H2,
                "1k",
                Bar.saturated(),
                full(8, 8)));
        cases.add(paced("h1-1k-rate", H1));
        cases.add(paced("h2-1k-rate", H2));
        cases.add(files("h1-50k", "50 KiB, 32 connections at full speed", H1, "50k", Bar.bulk(), Cases::wrk));
        cases.add(files("h2-50k", "50 KiB, 8 connections of 8 streams", H2, "50k", Bar.bulk(), full(8, 8)));
        for (Protocol protocol : Protocol.values()) {
            cases.add(large(protocol, 1, false, false));
            cases.add(large(protocol, 4, false, false));
            cases.add(large(protocol, 1, true, false));
            cases.add(large(protocol, 4, true, false));
        }
        cases.add(files(
                "h2-1000-streams",
                "1 KiB, 1,000 streams at once on 10 connections",
                H2,
                "1k",
                List.of(new Bar.AheadOfOthers()),
                full(10, 100)));
        cases.add(newConnections());
        cases.add(new WebSocketEcho());
        cases.add(new IdleWebSockets());
        cases.add(new FatAndSmall());
        cases.add(large(H2, 1, false, true));
        cases.add(new Starting());
        cases.add(new Overload());
        return List.copyOf(cases);
    }

    /// Those whose name fits one of the comma-separated globs.
    ///
    /// @throws IllegalArgumentException when a glob fits none
    static List<Case> select(List<Case> cases, String globs) {
        var chosen = new ArrayList<Case>();
        for (String glob : globs.split(",")) {
            var fits = FileSystems.getDefault().getPathMatcher("glob:" + glob.strip());
            List<Case> found = cases.stream()
                    .filter(c -> fits.matches(Path.of(c.plan().name())))
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("no case is called '" + glob + "'; there are "
                        + String.join(
                                ", ", cases.stream().map(c -> c.plan().name()).toList()));
            }
            chosen.addAll(found);
        }
        return cases.stream().filter(chosen::contains).toList();
    }

    private static Generator wrk(Trial trial) {
        return new Wrk(CONNECTIONS_FULL, trial.seconds(), false, trial.bench().wrkScript());
    }

    private static Function<Trial, Generator> full(int connections, int streams) {
        return trial -> H2load.full(H2, connections, streams, trial.seconds());
    }

    private static Case files(
            String name,
            String about,
            Protocol protocol,
            String path,
            List<Bar> bars,
            Function<Trial, Generator> generator) {
        int bytes = path.equals("1k") ? Backends.SMALL : Backends.PAGE;
        var plan = new Plan(name, about, Unit.REQUESTS, false, bars);
        return new LoadCase(plan, Origin.FILES, protocol, path, bytes, false, false, generator);
    }

    private static Case paced(String name, Protocol protocol) {
        var plan = new Plan(name, "1 KiB at 1,000 requests/s over 10 connections", Unit.REQUESTS, true, Bar.paced());
        return new LoadCase(
                plan,
                Origin.FILES,
                protocol,
                "1k",
                Backends.SMALL,
                false,
                false,
                trial -> H2load.paced(protocol, PACED_CONNECTIONS, PACED_PER_SECOND, trial.seconds()));
    }

    private static Case newConnections() {
        var plan = new Plan(
                "tls-new",
                "1 KiB, a TLS handshake for each request, 32 at a time",
                Unit.CONNECTIONS,
                false,
                List.of(new Bar.AheadOfOthers()));
        return new LoadCase(
                plan,
                Origin.FILES,
                H1,
                "1k",
                Backends.SMALL,
                false,
                false,
                trial -> new Wrk(
                        CONNECTIONS_FULL, trial.seconds(), true, trial.bench().wrkScript()));
    }

    private static Case large(Protocol protocol, int atOnce, boolean isUpload, boolean isDistant) {
        String name = isDistant
                ? "delay-50ms"
                : protocol.name().toLowerCase(Locale.ROOT) + "-100m-" + (isUpload ? "up" : "down")
                        + (atOnce > 1 ? "-" + atOnce : "");
        String about = "100 MiB " + (isUpload ? "up" : "down") + ", " + atOnce + " at a time"
                + (isDistant ? ", 50 ms round trip between the hops" : "");
        List<Bar> bars = isDistant ? List.of(Bar.atLeast("throughput", 60, "MB/s")) : Bar.bulk();
        // HTTP/1.1 has one exchange on a connection; over HTTP/2 two share one
        int connections = protocol == H1 ? atOnce : (atOnce + 1) / 2;
        return new LoadCase(
                new Plan(name, about, Unit.MEGABYTES, false, bars),
                isUpload ? Origin.LIVE : Origin.FILES,
                protocol,
                isUpload ? "upload" : "100m",
                Backends.LARGE,
                isUpload,
                isDistant,
                trial -> {
                    int requests = isDistant ? atOnce * 3 : Math.max(atOnce, trial.seconds() * LARGE_PER_SECOND);
                    @Nullable Path body = isUpload ? trial.bench().largeFile() : null;
                    return H2load.bulk(protocol, connections, atOnce / connections, requests, body);
                });
    }
}
