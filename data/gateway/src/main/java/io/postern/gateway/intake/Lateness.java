package io.postern.gateway.intake;

/// Says how many of the new requests an event loop that runs late should refuse. Every request of a loop waits
/// as long as its timers do, so a timer that runs late tells the queue without touching any request.
///
/// One late tick is a pause (garbage collection, a busy machine) and changes nothing. From the second in a row
/// on the refused share grows by a quarter per tick, and shrinks by a sixteenth per tick that is on time: quick
/// to relieve, slow enough not to swing. One in 16 is always taken, so that the end of the overload shows.
///
/// Confined to its loop; [#lateNanos()] may be read anywhere.
final class Lateness {
    static final int PARTS = 16;
    private static final int GROWTH = 4;

    private final long maxNanos;
    private boolean wasLate;
    private int refusedParts; // of PARTS
    private int turn;
    private volatile long lateNanos;

    Lateness(long maxNanos) {
        this.maxNanos = maxNanos;
    }

    /// @param nanos how much later than due the tick runs
    void onTick(long nanos) {
        lateNanos = nanos;
        boolean late = nanos >= maxNanos;
        if (late && wasLate) {
            refusedParts = Math.min(PARTS - 1, refusedParts + GROWTH);
        } else if (!late && refusedParts > 0) {
            refusedParts--;
        }
        wasLate = late;
    }

    /// Whether the next request is one of those to refuse; spread evenly.
    boolean refusesNext() {
        if (refusedParts == 0) {
            return false;
        }
        turn += refusedParts;
        boolean refuses = turn >= PARTS;
        turn %= PARTS;
        return refuses;
    }

    long lateNanos() {
        return lateNanos;
    }
}
