package io.postern.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class H2loadTest {
    private static final String CLEAN = """
            finished in 500.00ms, 200.00 req/s, 205.00KB/s
            requests: 100 total, 100 started, 100 done, 100 succeeded, 0 failed, 0 errored, 0 timeout
            status codes: 100 2xx, 0 3xx, 0 4xx, 0 5xx
            traffic: 110.00KB (112640) total, 5.00KB (5120) headers (space savings 90.00%), 100.00KB (102400) data
            """;

    @Test
    void readsTotalsAndEveryRequest() {
        List<String> log = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> "1700000000000000\t200\t" + i * 10)
                .toList();

        Sample sample = H2load.parse(CLEAN, log);

        assertEquals(100, sample.done());
        assertEquals(200, sample.perSecond());
        assertEquals(102_400, sample.bytes());
        assertEquals(0.51, sample.p50Millis(), 1e-9);
        assertEquals(1.00, sample.p99Millis(), 1e-9);
        assertEquals(List.of(), sample.faults());
    }

    @Test
    void tellsEveryKindOfFailure() {
        String failing = CLEAN.replace("0 failed, 0 errored, 0 timeout", "3 failed, 2 errored, 1 timeout");

        Sample sample = H2load.parse(failing, List.of("1\t200\t10", "1\t503\t10", "1\t302\t10"));

        assertEquals(List.of("3 failed", "2 errored", "1 timed out", "2 answers not 2xx"), sample.faults());
    }

    @Test
    void hasNoLatencyWithoutRequests() {
        assertTrue(Double.isNaN(H2load.parse(CLEAN, List.of()).p99Millis()));
    }

    @Test
    void tellsWhatH2loadSaidWhenThatIsNoResult() {
        assertThrows(IllegalStateException.class, () -> H2load.parse("could not resolve host\n", List.of()));
    }

    @Test
    void connectsToLoopbackWhateverTheName() {
        var target =
                new Target(true, "files-contoso.postern.localhost", 7443, "/", Map.of("Cookie", "s=1"), Path.of("ca"));

        List<String> command = H2load.paced(Protocol.H1, 10, 1_000, 4).command(target, "1k", Path.of("log"));

        assertTrue(command.containsAll(List.of("127.0.0.1:7443", "Cookie: s=1", "--h1", "4000", "100")), "" + command);
        assertFalse(target.toString().contains("s=1"), "a session never shows in messages");
    }
}
