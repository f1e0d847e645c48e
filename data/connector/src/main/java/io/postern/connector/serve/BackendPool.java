package io.postern.connector.serve;

import io.netty.channel.EventLoop;
import io.postern.net.DirectMemory;
import io.postern.tunnel.BackendSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Unused connections to backends, one pool for each event loop and confined to it. The one used last
/// is taken first, so that the others can grow old and go.
final class BackendPool {
    private record Kept(BackendConnection connection, long untilNanos) {}

    private final EventLoop loop;
    private final Duration idleTimeout;
    private final int idleMax;
    private final ServeMetrics metrics;
    private final Map<String, ArrayDeque<Kept>> idle = new HashMap<>();
    private final BackendSlots slots;
    private final DirectMemory memory;
    private boolean isSweeping;

    /// @param memory in which bodies lie; where it is exhausted, nothing new is begun
    BackendPool(
            EventLoop loop, ServeSettings settings, ServeMetrics metrics, BackendShares shares, DirectMemory memory) {
        this.loop = loop;
        this.idleTimeout = settings.idleTimeout();
        this.idleMax = settings.idleConnections();
        this.metrics = metrics;
        this.memory = memory;
        this.slots = new BackendSlots(loop, settings, metrics, shares, this::closeUnused);
    }

    BackendSlots slots() {
        return slots;
    }

    /// A connection for the waiter: one that is there, a new one, or one that somebody gives back soon.
    /// Refused where this process is short of memory: another connector may have some.
    void ask(BackendSettings backend, BackendSlots.Waiter waiter) {
        if (memory.pressure() == DirectMemory.Pressure.EXHAUSTED) {
            waiter.onBusy("this connector's memory for network buffers is exhausted");
            return;
        }
        Optional<BackendConnection> kept = slots.isAwaited(backend) ? Optional.empty() : take(backend);
        kept.ifPresentOrElse(waiter::onConnection, () -> slots.ask(backend, waiter));
    }

    /// As [#ask], for a probe: never a connection that was kept, since only a new one shows what dialling meets.
    void askNew(BackendSettings backend, BackendSlots.Waiter waiter) {
        slots.ask(backend, waiter);
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
    }

    private void closeUnused(String backendId) {
        ArrayDeque<Kept> kept = idle.get(backendId);
        Kept oldest = kept == null ? null : kept.pollLast();
        if (oldest != null) {
            metrics.idleConnections.dec();
            oldest.connection.channel().close();
        }
    }

    /// Closes everything that is kept; connections in use end with their exchanges.
    void close() {
        assert loop.inEventLoop();
        sweep(true);
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
