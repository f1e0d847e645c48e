package io.postern.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.connector.serve.ServeEntry;
import io.postern.gateway.admit.Admission;
import io.postern.gateway.exchange.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// That the micro-benchmarks run and that each measures what its name says. No times.
class MicroTest {
    @Test
    void runsEachOnce() throws Exception {
        var once = new OptionsBuilder()
                .include(MicroTest.class.getPackageName())
                .mode(Mode.SingleShotTime)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        assertEquals(
                Micro.names(".*"),
                new Runner(once)
                        .run().stream()
                                .map(result -> result.getParams().getBenchmark())
                                .distinct()
                                .sorted()
                                .toList());
    }

    @Test
    void routesToTheApplicationWhoseTurnItIs() {
        var benchmark = new RouteBenchmark();
        benchmark.applications = 3;
        benchmark.publish();
        for (int number : List.of(1, 2, 0, 1)) {
            var plain = assertInstanceOf(Route.Published.class, benchmark.plainPath());
            assertEquals(World.host(number), plain.host().value());
        }
        assertInstanceOf(Route.Published.class, benchmark.escapedPath());
    }

    @Test
    void findsEachKindOfRuleAmongThousands() {
        var benchmark = new LargeRouteBenchmark();
        assertEquals(
                World.host(1),
                assertInstanceOf(Route.Published.class, benchmark.exactHost())
                        .host()
                        .value());
        assertEquals(
                "host-2." + World.wildcard(2),
                assertInstanceOf(Route.Published.class, benchmark.wildcardHost())
                        .host()
                        .value());
        assertEquals(
                World.folder(3),
                assertInstanceOf(Route.Published.class, benchmark.folderOfASharedHost())
                        .application()
                        .externalUrl()
                        .path());
        assertInstanceOf(Route.Nowhere.class, benchmark.unknownHost());
    }

    @Test
    void decidesAsTheNamesSay() {
        var benchmark = new AdmitBenchmark();
        assertInstanceOf(Admission.Admitted.class, benchmark.knownCookie());
        assertEquals(401, status(benchmark.expiredCookie()));
        assertEquals(401, status(benchmark.noCookie()));
        assertEquals(200, status(benchmark.pageWithoutCookie())); // a page that keeps the fragment (PUB-14)
    }

    private static int status(Admission admission) {
        return assertInstanceOf(Admission.Answered.class, admission).answer().status();
    }

    @Test
    void convertsWholeHeads() {
        var benchmark = new HeadBenchmark();
        Http2Headers stream = benchmark.requestToTunnel();
        assertEquals("/orders/2026/summary.json?page=3", String.valueOf(stream.path()));
        var head = ServeEntry.requestHead(PooledByteBufAllocator.DEFAULT, stream);
        String text = head.toString(StandardCharsets.US_ASCII);
        head.release();
        assertTrue(
                text.startsWith("GET /orders/2026/summary.json?page=3 HTTP/1.1\r\nhost: backend-0.corp.example:8080"));
        assertTrue(text.contains("x-forwarded-for: 203.0.113.9\r\n"), text);
        assertEquals(text.length(), benchmark.requestToBackend());
        assertEquals("1024", String.valueOf(benchmark.answerToTunnel().get("content-length")));
        assertTrue(benchmark.answerToClient() > 300);
        benchmark.release();
    }

    @Test
    void namesWhatMatchesAndRefusesWhatDoesNot() {
        assertEquals(2, Micro.names("[.]RouteBenchmark").size());
        var regex = assertThrows(IllegalArgumentException.class, () -> Micro.names("Rout("));
        assertTrue(String.valueOf(regex.getMessage()).contains("'Rout('"));
        var name = assertThrows(IllegalArgumentException.class, () -> Micro.names("nothing"));
        assertTrue(String.valueOf(name.getMessage()).contains("--list"));
    }
}
