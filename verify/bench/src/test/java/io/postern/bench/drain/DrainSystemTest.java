package io.postern.bench.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.bench.Workbench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `bin/bench drain` and `bin/bench kill`, short: what they count, not how long it takes. Starts what was built before:
/// this module is the last one.
class DrainSystemTest {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static Workbench bench;
    private static Site site;

    @BeforeAll
    static void open() {
        bench = Workbench.open(checkout());
        site = Site.start(bench, GRACE);
    }

    @AfterAll
    static void close() {
        bench.close();
    }

    private static Path checkout() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isExecutable(at.resolve("bin/postern"))) {
                return at;
            }
        }
        throw new IllegalStateException("bin/postern is in no folder above this one");
    }

    @Test
    void restartsInTurnLoseNothing() {
        Tally tally = Drain.drain(site, 3, GRACE, 8);

        assertEquals(List.of(), tally.losses());
        tally.byKind().forEach((kind, done) -> assertTrue(done > 0, "no " + kind + " at all: " + tally));
    }

    @Test
    void aKilledConnectorFailsWhatWasInFlightOnItAndSaysSo() {
        Aftermath aftermath = Kill.kill(site, 100, 2);
        site.startAgain(0);

        assertTrue(aftermath.all() > 300, "requests go on: " + aftermath.all());
        assertEquals(0, aftermath.unclear(), () -> "no status or no id: " + aftermath.failed());
        assertEquals(0, aftermath.late(), () -> "the other connector serves: " + aftermath.failed());
    }
}
