package io.postern.gateway.intake;

import java.time.Duration;

/// How many requests may wait for their answer, and how late an event loop may run, before new requests get 503.
/// Waiting is a request from its head to the head of its answer: a download, an event stream or an open
/// WebSocket is answered already and counts nowhere here.
///
/// @param waitingMax in this process
/// @param waitingPerApplicationMax of one application, so that a backend that hangs does not take all
/// @param lateMax delay of an event loop, twice in a row, from which on a part of new requests is refused
public record IntakeLimits(int waitingMax, int waitingPerApplicationMax, Duration lateMax) {
    public IntakeLimits {
        if (waitingMax < 1 || waitingPerApplicationMax < 1 || lateMax.isNegative() || lateMax.isZero()) {
            throw new IllegalArgumentException(
                    "limits are 1 or more, not " + waitingMax + ", " + waitingPerApplicationMax + ", " + lateMax);
        }
    }

    /// A waiting request holds some 10 KiB of heap in the service, as measured.
    public static final IntakeLimits DEFAULTS = new IntakeLimits(8_000, 4_000, Duration.ofSeconds(1));
}
