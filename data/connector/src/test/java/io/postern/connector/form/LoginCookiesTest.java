package io.postern.connector.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.FakeClock;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Cookies of a session at an application.
class LoginCookiesTest {
    private final LoginCookies cookies = new LoginCookies(new FakeClock(Instant.parse("2026-11-22T12:00:00Z")));

    @Test
    void areNoMoreThanAHeadMayHold() {
        cookies.take(
                IntStream.range(0, 50)
                        .mapToObj(i -> "c" + i + "=" + "x".repeat(4_000))
                        .toList(),
                "/");

        assertTrue(cookies.has("c3"));
        assertTrue(cookies.field("/").length() <= 16 * 1_024, "too long");
    }

    @Test
    void pathsCountToo() {
        String path = "/" + "p".repeat(10_000);

        cookies.take(List.of("a=1; Path=" + path, "b=1; Path=" + path, "c=1; Path=/"), "/");

        assertTrue(cookies.has("a"));
        assertEquals("c=1", cookies.field("/"));
        assertTrue(cookies.has("c"));
        assertFalse(cookies.has("b"));
    }

    @Test
    void aRenewedOneTakesThePlaceOfTheFormer() {
        for (int i = 0; i < 20; i++) {
            cookies.take(List.of("sid=" + i + "x".repeat(4_000)), "/");
        }

        assertEquals("sid=19" + "x".repeat(4_000), cookies.field("/"));
    }
}
