package io.postern.domain.publish;

import java.time.Duration;

/// How long is waited for a backend.
///
/// @param firstByte time the backend has for the first byte of its answer: 85 s default, 180 s long (1.2), or
/// any time up to a day
/// @param webSocketIdle a WebSocket without a byte for this long is closed; 10 s to a day, 35 min default
public record TimeLimits(Duration firstByte, Duration webSocketIdle) {
    private static final Duration DAY = Duration.ofDays(1); // first: the constants below are checked by it

    public static final Duration DEFAULT_FIRST_BYTE = Duration.ofSeconds(85);
    public static final Duration LONG_FIRST_BYTE = Duration.ofSeconds(180);
    public static final TimeLimits DEFAULT = new TimeLimits(DEFAULT_FIRST_BYTE, Duration.ofMinutes(35));

    public TimeLimits {
        require("applicationServerTimeout", firstByte);
        require("webSocketIdleTimeout", webSocketIdle);
    }

    private static void require(String name, Duration value) {
        if (value.toMillis() < 1 || value.compareTo(DAY) > 0) {
            throw new IllegalArgumentException(name + " '" + value + "' is outside PT0.001S to P1D");
        }
    }
}
