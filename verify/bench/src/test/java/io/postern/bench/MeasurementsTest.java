package io.postern.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
    private static final Plan FULL = new Plan("full", "", Unit.REQUESTS, false, Bar.saturated());
    private static final Plan PACED = new Plan("paced", "", Unit.REQUESTS, true, Bar.paced());

    static Measurement run(
            String name, PeerKind peer, int repetition, double throughput, double p99, String... faults) {
        return new Measurement(
                name,
                peer,
                repetition,
                throughput,
                1,
                p99,
                10,
                Map.of("front", 6.0, "back", 4.0),
                Map.of("front", 200_000_000L, "back", 100_000_000L),
                0,
                0,
                0,
                Map.of(),
                List.of(faults));
    }

    @Test
    void dividesWithinARepetitionOnly() {
        // the machine was ten times slower in the second repetition: medians alone would say 1.1
        var all = new Measurements(List.of(
                run("full", PeerKind.POSTERN, 0, 2_000, 1),
                run("full", PeerKind.NGINX, 0, 1_000, 1),
                run("full", PeerKind.NGINX, 1, 100, 1),
                run("full", PeerKind.POSTERN, 1, 200, 1)));

        assertEquals(new Statistics.Span(2, 2, 2, 2), all.ratio("full", Metric.THROUGHPUT, PeerKind.NGINX));
    }

    @Test
    void countsNoRunWithFaults() {
        var all = new Measurements(List.of(
                run("full", PeerKind.POSTERN, 0, 9_000, 1, "12 answers not 2xx"),
                run("full", PeerKind.NGINX, 0, 1_000, 1),
                run("full", PeerKind.POSTERN, 1, 500, 1),
                run("full", PeerKind.NGINX, 1, 1_000, 1)));

        assertEquals(new Statistics.Span(1, 0.5, 0.5, 0.5), all.ratio("full", Metric.THROUGHPUT, PeerKind.NGINX));
    }

    @Test
    void takesTheNginxThatDoesBetter() {
        var all = new Measurements(List.of(
                run("full", PeerKind.NGINX, 0, 1_000, 9),
                run("full", PeerKind.NGINX_2, 0, 2_000, 10),
                run("paced", PeerKind.NGINX, 0, 1_000, 2),
                run("paced", PeerKind.NGINX_2, 0, 1_000, 3)));

        assertEquals(Optional.of(PeerKind.NGINX_2), all.strongerNginx(FULL));
        assertEquals(Optional.of(PeerKind.NGINX), all.strongerNginx(PACED), "at a fixed rate the lower p99 counts");
        assertTrue(new Measurements(List.of()).strongerNginx(FULL).isEmpty());
    }

    @Test
    void takesTheGreatestMemoryOfAllOtherCases() {
        var all = new Measurements(
                List.of(run("full", PeerKind.POSTERN, 0, 1, 1), run("ws-idle", PeerKind.POSTERN, 0, 1, 1)));

        assertEquals(new Statistics.Span(1, 200, 200, 200), all.resident("front", "ws-idle"));
    }
}
