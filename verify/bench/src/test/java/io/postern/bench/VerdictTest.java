package io.postern.bench;

import static io.postern.bench.MeasurementsTest.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static List<Verdict> judge(double ours, double p99) {
        return Verdict.of(
                Cases.select(Cases.all(), "h1-1k-full"),
                new Measurements(List.of(
                        run("h1-1k-full", PeerKind.POSTERN, 0, ours, p99),
                        run("h1-1k-full", PeerKind.NGINX, 0, 1_000, 4))));
    }

    private static Verdict.Outcome outcome(List<Verdict> verdicts, String bar) {
        return verdicts.stream()
                .filter(verdict -> verdict.bar().startsWith(bar))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    @Test
    void holdsAtTheBarItself() {
        List<Verdict> verdicts = judge(1_000, 5);

        assertEquals(Verdict.Outcome.HELD, outcome(verdicts, "throughput beside nginx ≥ 1"));
        assertEquals(Verdict.Outcome.HELD, outcome(verdicts, "p99 beside nginx ≤ 1.25"));
    }

    @Test
    void missesBelowAFloorAndAboveACeiling() {
        List<Verdict> verdicts = judge(999, 5.01);

        assertEquals(Verdict.Outcome.MISSED, outcome(verdicts, "throughput beside nginx"));
        assertEquals(Verdict.Outcome.MISSED, outcome(verdicts, "p99 beside nginx"));
    }

    @Test
    void saysNothingOfWhatDidNotRun() {
        assertEquals(Verdict.Outcome.UNMEASURED, outcome(judge(1_000, 5), "throughput beside haproxy"));
    }

    @Test
    void judgesTheMemoryOfEachProcess() {
        assertEquals(Verdict.Outcome.HELD, outcome(judge(1_000, 5), "service resident"));
        assertEquals(Verdict.Outcome.HELD, outcome(judge(1_000, 5), "connector resident"));
    }

    @Test
    void missesWhenEveryRunHasFaults() {
        List<Verdict> verdicts = Verdict.of(
                Cases.select(Cases.all(), "h1-1k-full"),
                new Measurements(List.of(run("h1-1k-full", PeerKind.POSTERN, 0, 9_000, 1, "12 answers not 2xx"))));

        assertEquals(Verdict.Outcome.MISSED, outcome(verdicts, "right answers"));
    }
}
