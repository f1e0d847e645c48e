package io.postern.bench.micro;

import io.postern.gateway.exchange.Route;
import io.postern.gateway.route.Router;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Host and path to application among 10,000, of which 1,000 are wildcards and folders ([World#large()]). Each is
/// asked for in turn.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LargeRouteBenchmark {
    private static final String PLAIN = "/orders/2026/summary.json?page=3&sort=date";

    private final Router router = new Router(World.large().snapshot());
    private final String[] hosts = names(9_000, World::host);
    private final String[] wildcards = names(500, i -> "host-" + i + "." + World.wildcard(i));
    private final String[] shared = names(500, World::shared);
    private final String[] folders = names(500, i -> World.folder(i) + "a/b.html?x=1");
    private int next;

    @Benchmark
    public Route exactHost() {
        return router.route(hosts[turn(hosts)], PLAIN, host -> true);
    }

    @Benchmark
    public Route wildcardHost() {
        return router.route(wildcards[turn(wildcards)], PLAIN, host -> true);
    }

    @Benchmark
    public Route folderOfASharedHost() {
        int number = turn(shared);
        return router.route(shared[number], folders[number], host -> true);
    }

    @Benchmark
    public Route unknownHost() {
        return router.route("nobody.publishes.this.elsewhere.example", PLAIN, host -> true);
    }

    private int turn(String[] of) {
        next = next + 1 < of.length ? next + 1 : 0;
        return next;
    }

    private static String[] names(int count, java.util.function.IntFunction<String> name) {
        return IntStream.range(0, count).mapToObj(name).toArray(String[]::new);
    }
}
