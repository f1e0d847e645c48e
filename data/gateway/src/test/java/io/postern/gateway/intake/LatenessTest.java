package io.postern.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatenessTest {
    private static final long MAX = 1_000;
    private final Lateness lateness = new Lateness(MAX);

    private int refusedOf(int requests) {
        int refused = 0;
        for (int i = 0; i < requests; i++) {
            refused += lateness.refusesNext() ? 1 : 0;
        }
        return refused;
    }

    private void ticks(int count, long late) {
        for (int i = 0; i < count; i++) {
            lateness.onTick(late);
        }
    }

    @Test
    void refusesNobodyOnTime() {
        ticks(100, MAX - 1);
        assertEquals(0, refusedOf(1_000));
    }

    @Test
    void onePauseRefusesNobody() {
        ticks(5, 0);
        ticks(1, 100 * MAX);
        assertEquals(0, refusedOf(1_000));
        ticks(1, 0);
        ticks(1, 100 * MAX);
        assertEquals(0, refusedOf(1_000));
    }

    @Test
    void refusesMoreAndMoreWhileItStaysLate() {
        ticks(2, MAX);
        assertEquals(400, refusedOf(1_600));
        ticks(1, MAX);
        assertEquals(800, refusedOf(1_600));
        ticks(10, MAX);
        assertEquals(1_500, refusedOf(1_600)); // never all, else nobody would see that it is over
    }

    @Test
    void takesAllAgainAfterSixteenTicksOnTime() {
        ticks(10, MAX);
        ticks(Lateness.PARTS, 0);
        assertEquals(0, refusedOf(1_000));
    }
}
