package io.postern.net;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes all grown stream windows of a process may promise to senders beyond the window that
/// every stream starts with. Shared by all loops; lock-free.
public final class WindowBudget {
    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();

    public WindowBudget(long bytesMax) {
        if (bytesMax < 0) {
            throw new IllegalArgumentException("a window budget cannot be negative: " + bytesMax);
        }
        this.bytesMax = bytesMax;
    }

    /// A quarter of what direct memory may grow to, which follows the heap's limit: the promises are for
    /// bytes that would lie in direct buffers, and the rest serves everything else.
    public static WindowBudget ofProcess() {
        return new WindowBudget(Runtime.getRuntime().maxMemory() / 4);
    }

    /// @return what was granted: `want`, or less, down to 0
    long reserve(long want) {
        while (true) {
            long now = used.get();
            long granted = Math.min(want, bytesMax - now);
            if (granted <= 0) {
                return 0;
            }
            if (used.compareAndSet(now, now + granted)) {
                return granted;
            }
        }
    }

    void release(long bytes) {
        long left = used.addAndGet(-bytes);
        assert left >= 0 : "released more than was reserved";
    }

    /// Less than a quarter is left: windows that do not earn their size shall shrink.
    boolean isTight() {
        return used.get() > bytesMax - bytesMax / 4;
    }

    /// For metrics.
    public long bytesUsed() {
        return used.get();
    }
}
