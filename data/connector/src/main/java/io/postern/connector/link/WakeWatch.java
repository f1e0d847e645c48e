package io.postern.connector.link;

import java.time.Duration;
import java.util.Optional;

/// Notices that the machine was asleep: the wall clock went on while the monotonic clock, by which every timer
/// here runs, stood still. A clock that somebody set looks the same; what follows must do no harm then.
final class WakeWatch {
    /// Beyond what a slow machine and a clock that is being corrected come to.
    private static final Duration GAP = Duration.ofSeconds(5);

    private long wallMillis;
    private long nanos;

    WakeWatch(long wallMillis, long nanos) {
        this.wallMillis = wallMillis;
        this.nanos = nanos;
    }

    /// @return how long it slept, about
    Optional<Duration> tick(long wallNowMillis, long nowNanos) {
        Duration slept = Duration.ofMillis(wallNowMillis - wallMillis).minus(Duration.ofNanos(nowNanos - nanos));
        wallMillis = wallNowMillis;
        nanos = nowNanos;
        return slept.compareTo(GAP) > 0 ? Optional.of(slept) : Optional.empty();
    }
}
