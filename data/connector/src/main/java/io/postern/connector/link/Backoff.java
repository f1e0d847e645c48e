package io.postern.connector.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next try: between nothing and a limit that doubles with each failure
/// ("full jitter"), so that many connectors do not come back in step.
final class Backoff {
    private final Duration base;
    private final Duration max;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration base, Duration max, RandomGenerator random) {
        this.base = base;
        this.max = max;
        this.random = random;
    }

    /// Counts a failure.
    Duration next() {
        long limit = base.toMillis() << Math.min(failures, 20);
        failures++;
        return Duration.ofMillis(random.nextLong(Math.min(limit, max.toMillis()) + 1));
    }

    void reset() {
        failures = 0;
    }

    boolean isFailing() {
        return failures > 0;
    }
}
