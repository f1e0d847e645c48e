package io.postern.tunnel.accept;

import java.time.Duration;

/// How one connector has lately done with one backend: how long answers took to begin, and whether it could
/// reach it at all. Written and read by every loop; a lost update of a mean does no harm.
final class Standing {
    /// An older mean says nothing about now.
    private static final long KNOWN_NANOS = Duration.ofSeconds(30).toNanos();

    /// Answers below it are all quick: differences are noise.
    private static final long QUICK_NANOS = Duration.ofMillis(1).toNanos();

    /// One answer moves the mean by so much of its distance.
    private static final int SHARE = 8;

    private static final long AVOID_FIRST_NANOS = Duration.ofMillis(100).toNanos();
    private static final int AVOID_DOUBLINGS_MAX =
            8; // 26 s: each look costs somebody's request a connect timeout, at worst

    private volatile long meanNanos;
    private volatile long atNanos;
    private volatile int refusals;
    private volatile long avoidUntilNanos;

    /// An answer has begun.
    void onAnswered(long tookNanos, long nowNanos) {
        long took = Math.max(QUICK_NANOS, tookNanos);
        long before = meanNanos;
        meanNanos = isKnown(nowNanos) ? before + (took - before) / SHARE : took;
        atNanos = nowNanos;
        onWell();
    }

    /// It can reach the backend, however long that took.
    void onWell() {
        if (refusals > 0) {
            refusals = 0;
        }
    }

    /// The connector could not do it, and nothing reached the backend.
    void onRefused(long nowNanos) {
        int row = refusals;
        if (row == 0 || nowNanos - avoidUntilNanos >= 0) { // those that were under way say nothing new
            refusals = Math.min(row + 1, AVOID_DOUBLINGS_MAX + 1);
            avoidUntilNanos = nowNanos + (AVOID_FIRST_NANOS << Math.min(row, AVOID_DOUBLINGS_MAX));
        }
    }

    /// Others are to be asked first, if there are any.
    boolean isAvoided(long nowNanos) {
        return refusals > 0 && nowNanos - avoidUntilNanos < 0;
    }

    /// It has refused and not done better since.
    boolean isDoubtful() {
        return refusals > 0;
    }

    /// Mean time to the beginning of an answer; 0 where there is no recent one.
    long meanNanos(long nowNanos) {
        return isKnown(nowNanos) ? meanNanos : 0;
    }

    private boolean isKnown(long nowNanos) {
        return meanNanos > 0 && nowNanos - atNanos < KNOWN_NANOS;
    }
}
