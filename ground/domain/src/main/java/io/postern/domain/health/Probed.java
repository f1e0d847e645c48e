package io.postern.domain.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// What one probe found.
///
/// @param target what was asked for: a verdict counts for this and no later internal URL or setting
/// @param time when the probe ended
/// @param interval to the next one; older than three of these, a verdict says nothing any more
/// @param status of the backend's answer, where there was one
/// @param latency from the request to the head of the answer, dialling included
/// @param connect part of it for name, TCP and TLS; empty where no connection came about
/// @param detail a sentence with inner names for administrators; empty where there is nothing to add
/// @param exchange id under which the connector's log has it
public record Probed(
        AppPath path,
        ProbeTarget target,
        Instant time,
        Duration interval,
        Verdict verdict,
        OptionalInt status,
        Duration latency,
        Optional<Duration> connect,
        String detail,
        String exchange) {
    private static final int INTERVALS_MAX = 3;

    /// Too old to be believed.
    public boolean isStale(Instant now) {
        return time.plus(interval.multipliedBy(INTERVALS_MAX)).isBefore(now);
    }
}
