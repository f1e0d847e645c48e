package io.postern.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// How near the process is to the end of its direct memory, in which all bytes lie that have come and have
/// not gone on. Beyond the limit every allocation fails, and with it whichever tunnel or client comes next,
/// so streams are made smaller, and stalled ones ended, well before. Any thread; reading costs next to nothing.
public final class DirectMemory {
    public enum Pressure {
        /// Less than three eighths are used.
        EASY(0),
        /// Streams get small windows; what was promised to idle ones is taken back.
        TIGHT(1),
        /// From five eighths: streams that stand still are ended; no window grows.
        FULL(2),
        /// From three quarters: nothing new is begun.
        EXHAUSTED(3);

        private final int level;

        Pressure(int level) {
            this.level = level;
        }

        /// For metrics: 0 to 3.
        public int level() {
            return level;
        }

        boolean isAtLeast(Pressure other) {
            return level >= other.level;
        }
    }

    private final LongSupplier used;
    private final long bytesMax;
    private final AtomicLong streamsEnded = new AtomicLong();

    /// @param used bytes at the moment; any thread may ask
    public DirectMemory(LongSupplier used, long bytesMax) {
        this.used = used;
        this.bytesMax = bytesMax;
    }

    /// What the allocator of all our channels has taken, against what the JVM lets it: as much as the heap's
    /// limit, where no option says otherwise.
    public static DirectMemory ofProcess() {
        ByteBufAllocatorMetric metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return new DirectMemory(metric::usedDirectMemory, Runtime.getRuntime().maxMemory());
    }

    public Pressure pressure() {
        long eighths = 8 * used.getAsLong() / bytesMax;
        if (eighths < 3) {
            return Pressure.EASY;
        }
        return eighths < 5 ? Pressure.TIGHT : eighths < 6 ? Pressure.FULL : Pressure.EXHAUSTED;
    }

    public long bytesUsed() {
        return used.getAsLong();
    }

    public long bytesMax() {
        return bytesMax;
    }

    void onStreamEnded() {
        streamsEnded.incrementAndGet();
    }

    /// So many streams have been ended because they stood still while memory was short.
    public long streamsEnded() {
        return streamsEnded.get();
    }
}
