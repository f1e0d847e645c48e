package io.postern.domain.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.update.UpdatePolicy.Window;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// UPD-4: override, then deferral, then window, then at once.
class UpdatePolicyTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant NEXT_WEEK = Instant.parse("2026-11-28T12:00:00Z");
    private static final Optional<Window> NIGHT = Optional.of(new Window(LocalTime.of(22, 0), LocalTime.of(4, 0)));

    @Test
    void isAtOnceWhereNothingWasSaid() {
        assertEquals(NOON, UpdatePolicy.NONE.opens(NOON));
    }

    @Test
    void overrideSkipsDeferralAndWindow() {
        assertEquals(NOON, new UpdatePolicy(true, Optional.of(NEXT_WEEK), NIGHT).opens(NOON));
    }

    @Test
    void deferralHoldsUntilItIsOver() {
        var policy = new UpdatePolicy(false, Optional.of(NEXT_WEEK), Optional.empty());

        assertEquals(NEXT_WEEK, policy.opens(NOON));
        assertTrue(policy.reason(NOON).contains("deferred until 2026-11-28"));
        assertEquals(NEXT_WEEK, policy.opens(NEXT_WEEK));
        assertEquals(NEXT_WEEK.plusSeconds(1), policy.opens(NEXT_WEEK.plusSeconds(1)));
    }

    @Test
    void afterTheDeferralTheWindowStillCounts() {
        var policy = new UpdatePolicy(false, Optional.of(NEXT_WEEK), NIGHT);

        assertEquals(Instant.parse("2026-11-28T22:00:00Z"), policy.opens(NOON));
    }

    @ParameterizedTest
    @CsvSource({
        // window, now, opens
        "22:00,04:00,2026-11-21T12:00:00Z,2026-11-21T22:00:00Z",
        "22:00,04:00,2026-11-21T22:00:00Z,2026-11-21T22:00:00Z",
        "22:00,04:00,2026-11-21T23:59:59Z,2026-11-21T23:59:59Z",
        "22:00,04:00,2026-11-22T03:59:59Z,2026-11-22T03:59:59Z",
        "22:00,04:00,2026-11-22T04:00:00Z,2026-11-22T22:00:00Z",
        "01:30,02:00,2026-11-21T01:29:59Z,2026-11-21T01:30:00Z",
        "01:30,02:00,2026-11-21T01:45:00Z,2026-11-21T01:45:00Z",
        "01:30,02:00,2026-11-21T02:00:00Z,2026-11-22T01:30:00Z",
        "00:00,01:00,2026-12-31T23:00:00Z,2027-01-01T00:00:00Z"
    })
    void opensAtTheNextStartOfTheWindow(LocalTime start, LocalTime end, Instant now, Instant opens) {
        var policy = new UpdatePolicy(false, Optional.empty(), Optional.of(new Window(start, end)));

        assertEquals(opens, policy.opens(now));
    }

    @Test
    void aWindowWithoutLengthIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Window(LocalTime.NOON, LocalTime.NOON));
    }
}
