package io.postern.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Real load on a real peer, as little as possible: what the tests of the parts cannot see. It asserts no speed.
class BenchSmokeTest {
    private static Workbench bench;
    private static Lineup lineup;

    @BeforeAll
    static void open() {
        bench = Workbench.open(Path.of("").toAbsolutePath());
        lineup = new Lineup(bench);
    }

    @AfterAll
    static void close() {
        bench.close();
    }

    private static Measurement run(String name, PeerKind kind) {
        Case chosen = Cases.select(Cases.all(), name).getFirst();
        return chosen.run(new Trial(0, bench, lineup, kind, 1));
    }

    @Test
    void metersARateThroughTheNginxChain() {
        Measurement run = run("h2-1k-rate", PeerKind.NGINX);

        assertEquals(List.of(), run.faults());
        assertTrue(run.throughput() > 0 && run.p99Millis() >= run.p50Millis(), run.toString());
        assertEquals(
                List.of("back", "front"),
                run.residentBytes().keySet().stream().sorted().toList());
    }

    @Test
    void countsEveryUploadedByteAtTheBackend() {
        Measurement run = run("h1-100m-up", PeerKind.DIRECT);

        assertEquals(List.of(), run.faults());
    }

    @Test
    void echoesWebSocketMessagesThroughTheNginxChain() {
        Measurement run = run("ws-echo", PeerKind.NGINX);

        assertEquals(List.of(), run.faults());
        assertTrue(run.throughput() > 0, run.toString());
    }

    @Test
    void reportsWrongAnswersAsFaults() throws Exception {
        Path page = bench.folder().file("files").resolve("50k");
        byte[] whole = Files.readAllBytes(page);
        Files.write(page, new byte[1]);
        try {
            run("h1-50k", PeerKind.NGINX);
            fail("a short page must not be measured");
        } catch (IllegalStateException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("expected 200 with 51200"), e.getMessage());
        } finally {
            Files.write(page, whole);
        }
    }

    @Test
    void leavesNoProcessBehind() {
        Workbench other = Workbench.open(Path.of("").toAbsolutePath());
        Peer peer = new Lineup(other).get(PeerKind.NGINX, true);
        List<ProcessHandle> all = fourProcesses(peer);

        other.close();

        assertEquals(List.of(), all.stream().filter(ProcessHandle::isAlive).toList());
        assertTrue(Files.notExists(other.folder().path()));
    }

    /// Two masters, two workers. A master answers before its worker has been forked.
    private static List<ProcessHandle> fourProcesses(Peer peer) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            List<ProcessHandle> all = peer.hops().stream()
                    .flatMap(hop -> hop.processes().stream())
                    .toList();
            if (all.size() >= 4) {
                return all;
            }
            assertTrue(System.nanoTime() < until, "two masters, two workers: " + all);
            Thread.onSpinWait();
        }
    }
}
