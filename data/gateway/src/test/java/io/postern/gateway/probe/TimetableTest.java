package io.postern.gateway.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;
import io.postern.domain.health.AppPath;
import io.postern.domain.health.ProbeTarget;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimetableTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Timetable table = new Timetable(Duration.ofSeconds(60), new Random(7));

    private static Question question(AppPath path, String backend) {
        return new Question(path, new ProbeTarget(backend, "/", "wiki.corp"), "http", "wiki.corp");
    }

    private static Map<AppPath, Question> paths(int count) {
        var paths = new HashMap<AppPath, Question>();
        for (int i = 0; i < count; i++) {
            var path = new AppPath(ConnectorId.random(), AppId.random());
            paths.put(path, question(path, "b"));
        }
        return paths;
    }

    /// Probes for so long, each probe taking no time; answers how many there were.
    private int run(long fromNanos, long toNanos) {
        int probes = 0;
        for (long now = fromNanos; now < toNanos; now += SECOND / 10) {
            Optional<Question> next = table.poll(now);
            while (next.isPresent()) {
                probes++;
                table.again(next.get(), now);
                next = table.poll(now);
            }
        }
        return probes;
    }

    @Test
    void probesWhatIsNewWithinSeconds() {
        table.replace(paths(10), 0);

        assertEquals(10, run(0, 2 * SECOND));
    }

    @Test
    void aThousandPathsDoNotStorm() {
        table.replace(paths(1_000), 0);

        assertTrue(run(0, SECOND) < 70, "some 50 a second at the start");
        run(SECOND, 60 * SECOND);
        int inAMinute = run(60 * SECOND, 120 * SECOND);
        assertTrue(inAMinute > 850 && inAMinute < 1_150, inAMinute + " probes of 1000 paths in an interval");
    }

    @Test
    void theirTurnsStaySpread() {
        table.replace(paths(1_000), 0);
        run(0, 600 * SECOND);

        for (int second = 600; second < 660; second++) {
            int now = run(second * SECOND, (second + 1) * SECOND);
            assertTrue(now < 70, now + " in one second");
        }
    }

    @Test
    void tooManyPathsStretchTheIntervalAndSaySo() {
        table.replace(paths(10_000), 0);

        assertEquals(Duration.ofSeconds(400), table.interval());
        run(0, 400 * SECOND);
        assertTrue(run(400 * SECOND, 401 * SECOND) < 60);
    }

    @Test
    void aChangedPublicationIsANewQuestionAndProbedSoon() {
        Map<AppPath, Question> before = paths(1);
        table.replace(before, 0);
        run(0, 10 * SECOND);
        AppPath path = before.keySet().iterator().next();

        table.replace(Map.of(path, question(path, "changed")), 10 * SECOND);

        assertEquals(1, run(10 * SECOND, 12 * SECOND));
    }

    @Test
    void whatStaysKeepsItsTurn() {
        Map<AppPath, Question> wanted = paths(100);
        table.replace(wanted, 0);
        run(0, 5 * SECOND);

        table.replace(new HashMap<>(wanted), 5 * SECOND);

        assertEquals(0, run(5 * SECOND, 30 * SECOND));
    }

    @Test
    void whatIsGoneIsProbedNoMore() {
        Map<AppPath, Question> wanted = paths(3);
        table.replace(wanted, 0);
        Question gone = table.poll(10 * SECOND).orElseThrow();
        var rest = new HashSet<>(wanted.keySet());
        rest.remove(gone.path());
        var left = new HashMap<>(wanted);
        left.keySet().retainAll(rest);

        table.replace(left, 10 * SECOND);
        table.again(gone, 10 * SECOND); // its probe ends now

        assertEquals(2, table.size());
        assertEquals(2, run(10 * SECOND, 12 * SECOND));
    }

    @Test
    void whatIsNotReadyComesAgainSoon() {
        table.replace(paths(1), 0);
        Question early = table.poll(2 * SECOND).orElseThrow();

        table.soon(early, 2 * SECOND);

        assertTrue(table.poll(3 * SECOND - 1).isEmpty());
        assertTrue(table.poll(3 * SECOND).isPresent());
    }
}
