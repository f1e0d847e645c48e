package io.postern.bench.drain;

import java.util.concurrent.locks.LockSupport;

/// Makes a transfer last, so that one is always under way without taking the whole machine.
interface Pace {
    Pace NONE = bytes -> {};

    /// Waits until so many bytes are due.
    void await(long bytes);

    /// From now on at most so many.
    static Pace of(double bytesPerSecond) {
        long begin = System.nanoTime();
        return bytes -> {
            long due = begin + (long) (bytes / bytesPerSecond * 1e9);
            for (long left; (left = due - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(left);
            }
        };
    }
}
