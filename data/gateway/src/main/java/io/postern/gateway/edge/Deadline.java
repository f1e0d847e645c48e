package io.postern.gateway.edge;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A time limit that is moved often and missed seldom: moving it is a field write, and one timer at most
/// is scheduled. Confined to one loop.
final class Deadline {
    private static final long NONE = Long.MAX_VALUE;

    private EventExecutor loop = ImmediateEventExecutor.INSTANCE;
    private Runnable missed = () -> {};
    private long dueNanos = NONE;
    private @Nullable ScheduledFuture<?> timer;

    /// Before anything else, once.
    void start(EventExecutor on, Runnable whenMissed) {
        loop = on;
        missed = whenMissed;
    }

    boolean isSet() {
        return dueNanos != NONE;
    }

    void in(Duration time) {
        dueNanos = loop.ticker().nanoTime() + time.toNanos();
        if (timer == null) {
            timer = loop.schedule(this::check, time.toNanos(), TimeUnit.NANOSECONDS);
        } else if (timer.getDelay(TimeUnit.NANOSECONDS) > time.toNanos()) {
            timer.cancel(false);
            timer = loop.schedule(this::check, time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    void clear() {
        dueNanos = NONE;
    }

    /// For good, when the connection ends.
    void cancel() {
        clear();
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void check() {
        timer = null;
        if (dueNanos == NONE) {
            return;
        }
        long left = dueNanos - loop.ticker().nanoTime();
        if (left > 0) {
            timer = loop.schedule(this::check, left, TimeUnit.NANOSECONDS);
        } else {
            dueNanos = NONE;
            missed.run();
        }
    }
}
