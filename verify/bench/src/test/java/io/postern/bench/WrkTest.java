package io.postern.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WrkTest {
    private static final Path NOWHERE = Path.of("unused");
    private final Wrk wrk = new Wrk(32, 4, false, Path.of("here.lua"));

    private static final String CLEAN = """
            Running 4s test @ https://localhost:7443/1k
              1 threads and 32 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     1.62ms  458.00us  12.01ms   85.00%
                Req/Sec    19.50k     1.20k   22.00k    70.00%
              Latency Distribution
                 50%  980.00us
                 75%    1.80ms
                 90%    2.10ms
                 99%    3.26ms
              78000 requests in 4.00s, 95.00MB read
            Requests/sec:  19500.00
            Transfer/sec:     23.75MB
            """;

    @Test
    void readsWhatWrkSays() {
        Sample sample = wrk.parse(CLEAN, NOWHERE);

        assertEquals(78_000, sample.done());
        assertEquals(19_500, sample.perSecond());
        assertEquals(0.98, sample.p50Millis(), 1e-9);
        assertEquals(3.26, sample.p99Millis(), 1e-9);
        assertEquals(List.of(), sample.faults());
    }

    @Test
    void countsNoRefusalAsDone() {
        Sample sample = wrk.parse(
                CLEAN + "  Socket errors: connect 0, read 3, write 0, timeout 1\n  Non-2xx or 3xx responses: 8000\n",
                NOWHERE);

        assertEquals(70_000, sample.done());
        assertEquals(
                List.of("8000 answers not 2xx", "Socket errors: connect 0, read 3, write 0, timeout 1"),
                sample.faults());
    }

    @Test
    void tellsWhatWrkSaidWhenThatIsNoResult() {
        var failure = assertThrows(
                IllegalStateException.class, () -> wrk.parse("unable to connect to localhost:7443\n", NOWHERE));

        assertTrue(String.valueOf(failure.getMessage()).contains("unable to connect"), failure.getMessage());
    }

    @Test
    void sendsTheSessionWithEachRequest() {
        var target = new Target(true, "a.localhost", 7443, "/", Map.of("Cookie", "s=1"), NOWHERE);

        List<String> command = new Wrk(32, 4, true, Path.of("here.lua")).command(target, "1k", NOWHERE);

        assertTrue(command.containsAll(List.of("Cookie: s=1", "Connection: close", "https://a.localhost:7443/1k")));
    }
}
