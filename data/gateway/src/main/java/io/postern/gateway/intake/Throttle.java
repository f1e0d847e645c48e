package io.postern.gateway.intake;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// So many requests a second, with one second's worth at once, shared fairly: who had more than an equal share
/// in this second or the last is refused while a quarter of the allowance is still there, and that quarter is
/// for the others. So a heavy user meets the limit before a light one does.
///
/// Users are counted in 256 cells by a hash; the hash changes every minute, so nobody shares a cell with a heavy
/// one for long. 2 KiB, whatever the number of users. No lock: two compare-and-sets per request. Thread-safe.
final class Throttle {
    private static final int CELLS = 256;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int COUNT_BITS = 20;
    private static final long COUNT_MASK = (1 << COUNT_BITS) - 1;
    private static final int TIME_SHIFT = 2 * COUNT_BITS;
    private static final long TIME_MASK = (1L << (Long.SIZE - TIME_SHIFT)) - 1;
    private static final long REHASH_SECONDS = 64;
    private static final long MIX = 0x9E3779B97F4A7C15L; // 2^64 divided by the golden ratio

    private final int perSecond;
    private final long interval;
    private final long salt;
    private final AtomicLong full; // nanos at which the whole allowance is there again
    private final AtomicLongArray cells = new AtomicLongArray(CELLS); // second, count before, count now
    private final AtomicLong active = new AtomicLong(); // the same, of cells in use

    Throttle(int perSecond, long salt, long nowNanos) {
        this.perSecond = perSecond;
        this.interval = Math.max(1, SECOND / perSecond);
        this.salt = salt;
        this.full = new AtomicLong(nowNanos);
    }

    int perSecond() {
        return perSecond;
    }

    /// @param user hash of whoever asks
    boolean admits(int user, long nowNanos) {
        long second = nowNanos / SECOND;
        long mixed = (user ^ salt ^ (second / REHASH_SECONDS) * MIX) * MIX;
        int cell = (int) (mixed >>> (Long.SIZE - Byte.SIZE));
        long counted = count(cell, second);
        long users = Math.max(1, Math.max(before(active.get()), now(active.get())));
        boolean heavy = Math.max(before(counted), now(counted)) * users > perSecond;
        long allowance = heavy ? SECOND - SECOND / 4 : SECOND;
        while (true) {
            long old = full.get();
            long next = Math.max(old, nowNanos) + interval;
            if (next - nowNanos > Math.max(allowance, interval)) {
                return false;
            }
            if (full.compareAndSet(old, next)) {
                return true;
            }
        }
    }

    private long count(int cell, long second) {
        while (true) {
            long old = cells.get(cell);
            long rolled = rolled(old, second);
            long next = now(rolled) == COUNT_MASK ? rolled : rolled + 1;
            if (cells.compareAndSet(cell, old, next)) {
                if (now(rolled) == 0) {
                    active.updateAndGet(a -> rolled(a, second) + 1);
                }
                return next;
            }
        }
    }

    /// What was counted in the second before moves on when a new one begins.
    private static long rolled(long packed, long second) {
        long time = second & TIME_MASK;
        long was = packed >>> TIME_SHIFT;
        if (was == time) {
            return packed;
        }
        long kept = was == ((time - 1) & TIME_MASK) ? now(packed) : 0;
        return time << TIME_SHIFT | kept << COUNT_BITS;
    }

    private static long before(long packed) {
        return packed >>> COUNT_BITS & COUNT_MASK;
    }

    private static long now(long packed) {
        return packed & COUNT_MASK;
    }
}
