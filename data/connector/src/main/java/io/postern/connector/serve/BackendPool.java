package io.postern.connector.serve;

import io.netty.channel.EventLoop;
import io.postern.net.DirectMemory;
import io.postern.net.WindowBudget;
import io.postern.tunnel.BackendSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Connections to backends, one pool for each event loop and confined to it: unused ones in HTTP/1.1, of which the
/// one used last is taken first, so that the others can grow old and go; and those that are shared, in HTTP/2.
final class BackendPool {
    static final String EXHAUSTED = "this connector's memory for network buffers is exhausted";

    private record Kept(BackendConnection connection, long untilNanos) {}

    private final EventLoop loop;
    private final Duration idleTimeout;
    private final int idleMax;
    private final ServeMetrics metrics;
    private final Map<String, ArrayDeque<Kept>> idle = new HashMap<>();
    private final BackendSlots slots;
    private final PinnedConnections pinned;
    private final ServeSettings settings;
    private final BackendDialler dialler;
    private final WindowBudget budget;
    private final Map<String, SharedConnections> shared = new HashMap<>();
    private boolean isSweeping;

    /// @param budget of windows, and the memory in which bodies lie: where that is exhausted, nothing new is begun
    BackendPool(
            EventLoop loop,
            ServeSettings settings,
            ServeMetrics metrics,
            BackendShares shares,
            BackendDialler dialler,
            WindowBudget budget) {
        this.loop = loop;
        this.idleTimeout = settings.idleTimeout();
        this.idleMax = settings.idleConnections();
        this.metrics = metrics;
        this.settings = settings;
        this.dialler = dialler;
        this.budget = budget;
        this.pinned = new PinnedConnections(loop);
        this.slots = new BackendSlots(loop, settings, metrics, shares, this::closeUnused);
    }

    BackendSlots slots() {
        return slots;
    }

    PinnedConnections pinned() {
        return pinned;
    }

    ServeMetrics metrics() {
        return metrics;
    }

    boolean isExhausted() {
        return budget.memory().pressure() == DirectMemory.Pressure.EXHAUSTED;
    }

    /// What there is of a backend that may speak HTTP/2.
    SharedConnections shared(BackendSettings backend) {
        assert loop.inEventLoop();
        return shared.computeIfAbsent(
                backend.id(), id -> new SharedConnections(loop, backend, this, dialler, budget, settings, metrics));
    }

    void forgetIfNothing(SharedConnections one) {
        if (one.isNothing()) {
            shared.remove(one.backend().id(), one);
        }
    }

    /// The request is told nothing any more.
    void forget(BackendSettings backend, BackendAsk ask) {
        slots.forget(backend, ask);
        SharedConnections there = shared.get(backend.id());
        if (there != null) {
            there.forget(ask);
        }
    }

    /// A connection for the waiter: one that is there, a new one, or one that somebody gives back soon.
    /// Refused where this process is short of memory: another connector may have some.
    void ask(BackendSettings backend, BackendSlots.Waiter waiter) {
        if (isExhausted()) {
            waiter.onBusy(EXHAUSTED);
            return;
        }
        Optional<BackendConnection> kept = slots.isAwaited(backend) ? Optional.empty() : take(backend);
        kept.ifPresentOrElse(waiter::onConnection, () -> slots.ask(backend, waiter));
    }

    private Optional<BackendConnection> take(BackendSettings backend) {
        assert loop.inEventLoop();
        ArrayDeque<Kept> kept = idle.get(backend.id());
        while (kept != null && !kept.isEmpty()) {
            Kept next = kept.pollFirst();
            metrics.idleConnections.dec();
            if (next.connection.channel().isActive() && System.nanoTime() - next.untilNanos < 0) {
                return Optional.of(next.connection);
            }
            next.connection.channel().close();
        }
        return Optional.empty();
    }

    /// Gives the connection to who waits for one; else keeps it, or closes it where enough are kept.
    void keep(BackendConnection connection) {
        assert loop.inEventLoop();
        switch (slots.offer(connection)) {
            case TAKEN -> {}
            case WANTED_ELSEWHERE -> connection.channel().close();
            case UNWANTED -> keepUnused(connection);
        }
    }

    private void keepUnused(BackendConnection connection) {
        ArrayDeque<Kept> kept = idle.computeIfAbsent(connection.backend().id(), id -> new ArrayDeque<>());
        Duration keepFor = connection.keepAliveHint().orElse(idleTimeout);
        if (kept.size() >= idleMax || keepFor.isZero()) {
            connection.channel().close();
            return;
        }
        kept.addFirst(new Kept(connection, System.nanoTime() + keepFor.toNanos()));
        metrics.idleConnections.inc();
        connection.channel().read(); // so that its end, or a byte that nobody asked for, is noticed
        sweepLater();
    }

    /// The connection ended while it was kept, or after it was taken out.
    void forget(BackendConnection connection) {
        assert loop.inEventLoop();
        ArrayDeque<Kept> kept = idle.get(connection.backend().id());
        if (kept != null && kept.removeIf(k -> k.connection == connection)) {
            metrics.idleConnections.dec();
        }
        pinned.forget(connection);
    }

    private void closeUnused(String backendId) {
        ArrayDeque<Kept> kept = idle.get(backendId);
        Kept oldest = kept == null ? null : kept.pollLast();
        if (oldest != null) {
            metrics.idleConnections.dec();
            oldest.connection.channel().close();
        } else if (shared.containsKey(backendId)) {
            shared.get(backendId).leaveOneUnused();
        }
    }

    /// Closes everything that is unused; connections in use end with their exchanges.
    void close() {
        assert loop.inEventLoop();
        sweep(true);
        pinned.close();
        List.copyOf(shared.values()).forEach(SharedConnections::close);
    }

    private void sweepLater() {
        if (!isSweeping) {
            isSweeping = true;
            loop.schedule(
                    () -> {
                        isSweeping = false;
                        sweep(false);
                        if (!idle.isEmpty()) {
                            sweepLater();
                        }
                    },
                    1,
                    TimeUnit.SECONDS);
        }
    }

    private void sweep(boolean everything) {
        long now = System.nanoTime();
        for (Iterator<ArrayDeque<Kept>> all = idle.values().iterator(); all.hasNext(); ) {
            ArrayDeque<Kept> kept = all.next();
            kept.removeIf(k -> {
                boolean isOver = everything || now - k.untilNanos >= 0;
                if (isOver) {
                    metrics.idleConnections.dec();
                    loop.execute(k.connection.channel()::close);
                }
                return isOver;
            });
            if (kept.isEmpty()) {
                all.remove();
            }
        }
    }
}
