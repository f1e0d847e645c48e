package io.postern.bench.micro;

import io.postern.domain.PreAuthentication;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.route.Router;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Host and path to application. All applications are asked for in turn, so that the tables, and not one line of
/// the processor's cache, are measured.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteBenchmark {
    private static final String PLAIN = "/orders/2026/summary.json?page=3&sort=date";
    private static final String ESCAPED = "/orders/2026/Q3%20summary%20(draft)/caf%C3%A9.json?page=3&sort=date";

    @Param({"1", "100", "1000"})
    int applications = 1;

    private Router router = router(1);
    private String[] hosts = hosts(1);
    private int next;

    @Setup
    public void publish() {
        router = router(applications);
        hosts = hosts(applications);
    }

    @Benchmark
    public Route plainPath() {
        return router.route(host(), PLAIN, host -> true);
    }

    @Benchmark
    public Route escapedPath() {
        return router.route(host(), ESCAPED, host -> true);
    }

    private String host() {
        next = next + 1 < hosts.length ? next + 1 : 0;
        return hosts[next];
    }

    private static Router router(int applications) {
        return new Router(World.of(applications, PreAuthentication.PASSTHROUGH).snapshot());
    }

    private static String[] hosts(int applications) {
        return IntStream.range(0, applications).mapToObj(World::host).toArray(String[]::new);
    }
}
