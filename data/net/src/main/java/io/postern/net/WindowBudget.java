package io.postern.net;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How many bytes all grown stream windows of a process may promise to senders beyond the window that
/// every stream starts with, and how they share: who comes first may have much, but as soon as somebody
/// gets less than an equal share, nobody keeps more than one. Shared by all loops; lock-free, and asked
/// only when a window changes.
public final class WindowBudget {
    /// So long after somebody came off badly, windows above the share shrink.
    private static final long CONTENTION_NANOS = 1_000_000_000;

    private final long bytesMax;
    private final DirectMemory memory;
    private final AtomicLong used = new AtomicLong();
    private final AtomicInteger claimants = new AtomicInteger();
    private volatile long deniedNanos;
    private volatile boolean denied;

    /// Of a process whose memory is never short.
    public WindowBudget(long bytesMax) {
        this(bytesMax, new DirectMemory(() -> 0, Long.MAX_VALUE));
    }

    public WindowBudget(long bytesMax, DirectMemory memory) {
        if (bytesMax < 0) {
            throw new IllegalArgumentException("a window budget cannot be negative: " + bytesMax);
        }
        this.bytesMax = bytesMax;
        this.memory = memory;
    }

    /// A quarter of what direct memory may grow to, which follows the heap's limit: the promises are for
    /// bytes that would lie in direct buffers, and the rest serves everything else.
    public static WindowBudget ofProcess() {
        return new WindowBudget(Runtime.getRuntime().maxMemory() / 4, DirectMemory.ofProcess());
    }

    /// A stream wants more than it started with. Once, until [#unclaim()].
    void claim() {
        claimants.incrementAndGet();
    }

    void unclaim() {
        int left = claimants.decrementAndGet();
        assert left >= 0 : "unclaimed more than was claimed";
    }

    /// What each claimant may have at least.
    long share() {
        return bytesMax / Math.max(1, claimants.get());
    }

    /// @param has what the stream has already; below its share it may complain of getting less than `want`
    /// @param now on the clock of [#isContended(long)]
    /// @return what was granted: `want`, or less, down to 0
    long reserve(long want, long has, long now) {
        long granted = reserve(want);
        if (granted < want && has + granted < share()) {
            deniedNanos = now;
            denied = true;
        }
        return granted;
    }

    private long reserve(long want) {
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

    /// Somebody has had less than its share lately: whoever has more shall give it back.
    boolean isContended(long now) {
        return denied && now - deniedNanos < CONTENTION_NANOS;
    }

    /// Less than a quarter is left: windows that do not earn their size shall shrink.
    public boolean isTight() {
        return used.get() > bytesMax - bytesMax / 4;
    }

    /// For metrics.
    public long bytesUsed() {
        return used.get();
    }

    public long bytesMax() {
        return bytesMax;
    }

    /// Streams that have grown or would like to.
    public int claimants() {
        return claimants.get();
    }

    public DirectMemory memory() {
        return memory;
    }
}
