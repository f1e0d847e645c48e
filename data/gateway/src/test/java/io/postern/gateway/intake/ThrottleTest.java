package io.postern.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.event.Cause;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Limits of requests per second (1.12), with a clock of our own but for the last test.
class ThrottleTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int HEAVY = "heavy".hashCode();

    private static int user(int number) {
        return ("user-" + number).hashCode();
    }

    @Test
    void takesASecondsWorthAtOnceAndThenAsMuchAsComesBack() {
        var throttle = new Throttle(100, 1, 0);
        int taken = 0;
        for (int i = 0; i < 1_000; i++) {
            taken += throttle.admits(user(i % 50), 0) ? 1 : 0;
        }
        assertTrue(taken >= 75 && taken <= 100, "no more than a second's worth: " + taken);
        assertFalse(throttle.admits(user(1), 0));
        assertTrue(throttle.admits(user(1), SECOND));
    }

    @Test
    void aLoneUserMayHaveNearlyAll() {
        var throttle = new Throttle(100, 1, 0);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) { // 1,000 a second for 10 s
            taken += throttle.admits(HEAVY, i * SECOND / 1_000) ? 1 : 0;
        }
        assertTrue(taken >= 1_000 && taken <= 1_110, "100 a second: " + taken);
    }

    /// Ten users of 5 a second beside one of 1,000, at 100 a second: 50 of theirs, the rest for him.
    @Test
    void aHeavyUserMeetsTheLimitBeforeLightOnesDo() {
        var throttle = new Throttle(100, 1, 0);
        int heavy = 0;
        int refusedLight = 0;
        for (int i = 0; i < 20_000; i++) {
            long now = i * SECOND / 1_000;
            heavy += throttle.admits(HEAVY, now) ? 1 : 0;
            if (i % 20 == 0) {
                refusedLight += throttle.admits(user(i / 20 % 10), now) ? 0 : 1;
            }
        }
        assertEquals(0, refusedLight, "of 1,000 requests of light users");
        assertTrue(heavy >= 900 && heavy <= 1_100, "what the others leave, 50 a second: " + heavy);
    }

    @Test
    void aLimitOfOneLetsOneThroughEachSecond() {
        var throttle = new Throttle(1, 1, 0);
        assertTrue(throttle.admits(HEAVY, 0));
        assertFalse(throttle.admits(HEAVY, SECOND / 2));
        assertTrue(throttle.admits(HEAVY, 3 * SECOND));
    }

    @Test
    void answersTooManyRequestsWithATimeToComeBack() {
        try (House house = House.open(ScriptedBackend::echo)) {
            house.settings(s -> s.limitedTo(Optional.of(1)));
            try (var client = house.client()) {
                int taken = 0;
                RawClient.Response answer = ask(client);
                for (;
                        answer.status() == 200 && taken < 20;
                        taken++) { // one may take a second, but hardly each of them
                    assertTrue(house.event().cause().isEmpty());
                    answer = ask(client);
                }
                assertTrue(taken >= 1, "a second's worth is let through");
                assertEquals(429, answer.status());
                assertTrue(Integer.parseInt(answer.headers().get("retry-after")) >= 1);
                assertEquals(Optional.of(Cause.APPLICATION_RATE), house.event().cause());
            }
        }
    }

    private static RawClient.Response ask(RawClient client) {
        return client.send(RawClient.head("GET /app/ HTTP/1.1", "Host: app.example.test"))
                .response();
    }
}
