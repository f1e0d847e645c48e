package io.postern.tunnel.accept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StandingTest {
    private final Standing standing = new Standing();

    @Test
    void remembersAMeanForHalfAMinute() {
        standing.onAnswered(ms(80), ms(1));
        standing.onAnswered(ms(160), ms(2));

        assertEquals(ms(90), standing.meanNanos(ms(2)));
        assertEquals(0, standing.meanNanos(ms(30_100)));
    }

    @Test
    void avoidsLongerWithEachRefusalInARow() {
        long now = ms(1_000);
        for (long wait : new long[] {100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 25_600}) {
            standing.onRefused(now);
            assertTrue(standing.isAvoided(now + ms(wait) - 1), "for " + wait + " ms");
            assertFalse(standing.isAvoided(now + ms(wait)), "no longer than " + wait + " ms");
            assertTrue(standing.isDoubtful());
            now += ms(wait);
        }
    }

    @Test
    void manyRefusalsAtOnceAreOne() {
        for (int i = 0; i < 50; i++) {
            standing.onRefused(ms(1_000));
        }

        assertFalse(standing.isAvoided(ms(1_100)));
    }

    @Test
    void oneAnswerMakesGoodForAllRefusals() {
        standing.onRefused(ms(1));
        standing.onAnswered(ms(5), ms(2));

        assertFalse(standing.isAvoided(ms(2)));
        assertFalse(standing.isDoubtful());
    }

    private static long ms(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
