package io.postern.connector.serve;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The longest wait for a backend's answer (85 or 180 s, per application). It runs while the backend is to
/// act, from the last thing that moved; while the client still owes parts of its request it stands still.
/// Confined to the loop.
final class FirstByteLimit {
    private final EventLoop loop;
    private final long limitNanos;
    private final BooleanSupplier isBackendsTurn;
    private final Runnable onLate;
    private long progressNanos = System.nanoTime();
    private @Nullable ScheduledFuture<?> timer;

    private FirstByteLimit(EventLoop loop, Duration limit, BooleanSupplier isBackendsTurn, Runnable onLate) {
        this.loop = loop;
        this.limitNanos = limit.toNanos();
        this.isBackendsTurn = isBackendsTurn;
        this.onLate = onLate;
    }

    static FirstByteLimit start(EventLoop loop, Duration limit, BooleanSupplier isBackendsTurn, Runnable onLate) {
        var started = new FirstByteLimit(loop, limit, isBackendsTurn, onLate);
        started.schedule(started.limitNanos);
        return started;
    }

    /// A probe may be less patient than the application's users, never more.
    static Duration ofProbe(CharSequence millis, Duration otherwise) {
        try {
            Duration asked = Duration.ofMillis(Integer.parseInt(millis.toString()));
            return asked.isPositive() && asked.compareTo(otherwise) < 0 ? asked : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    void onProgress() {
        progressNanos = System.nanoTime();
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void schedule(long nanos) {
        timer = loop.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        if (!isBackendsTurn.getAsBoolean()) {
            onProgress();
        }
        long left = limitNanos - (System.nanoTime() - progressNanos);
        if (left > 0) {
            schedule(left);
        } else {
            onLate.run();
        }
    }
}
