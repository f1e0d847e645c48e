package io.postern.connector.serve;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.tunnel.BackendSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many connections each backend gets from one event loop, and who waits for one, in the order they came.
/// Whoever cannot be served soon is told at once or within the time limit: a backend that hangs holds so many
/// connections and so many waiting requests, and no more. WebSockets do not count: they would use up what is
/// meant for requests. Confined to the loop.
final class BackendSlots {
    /// A request that wants a connection. Told one thing, once.
    interface Waiter {
        /// A slot is its own: dial.
        void onSlot();

        /// A connection that waited unused is its own.
        void onConnection(BackendConnection kept);

        /// Too many wait already, or it has waited long enough.
        void onBusy(String why);
    }

    private static final Logger LOG = LoggerFactory.getLogger("connector.serve");
    private static final long TOLD_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final class Line {
        private long toldNanos = System.nanoTime() - TOLD_AGAIN_NANOS;
        private int taken;
        private final ArrayDeque<Place> waiting = new ArrayDeque<>(0);
    }

    private record Place(Waiter waiter, Future<?> limit) {}

    private final EventLoop loop;
    private final ServeMetrics metrics;
    private final int connectionsMax;
    private final int waitingMax;
    private final Duration waitMax;
    private final Map<String, Line> lines = new HashMap<>();

    BackendSlots(EventLoop loop, ServeSettings settings, ServeMetrics metrics) {
        this.loop = loop;
        this.metrics = metrics;
        this.connectionsMax = settings.connections();
        this.waitingMax = settings.waiting();
        this.waitMax = settings.connectTimeout();
    }

    /// Gives the waiter a slot, a place in the line, or a refusal.
    void ask(BackendSettings backend, Waiter waiter) {
        assert loop.inEventLoop();
        Line line = line(backend.id());
        if (line.waiting.isEmpty() && line.taken < connectionsMax) {
            line.taken++;
            waiter.onSlot();
        } else if (line.waiting.size() >= waitingMax) {
            refuse(
                    line,
                    waiter,
                    Backends.name(backend) + " has " + line.taken + " connections from here and " + line.waiting.size()
                            + " requests wait for one; see 'backend-connections' and 'backend-queue' in this"
                            + " connector's configuration");
        } else {
            Future<?> limit = loop.schedule(
                    () -> {
                        line.waiting.removeIf(p -> p.waiter.equals(waiter));
                        metrics.waitingForBackends.dec();
                        refuse(line, waiter, "no connection to " + Backends.name(backend) + " came free in " + waitMax);
                    },
                    waitMax.toNanos(),
                    TimeUnit.NANOSECONDS);
            line.waiting.addLast(new Place(waiter, limit));
            metrics.waitingForBackends.inc();
        }
    }

    /// The log hears of it now and then; the count is in the metrics.
    private static void refuse(Line line, Waiter waiter, String why) {
        if (System.nanoTime() - line.toldNanos >= TOLD_AGAIN_NANOS) {
            line.toldNanos = System.nanoTime();
            LOG.warn("requests refused, the backend is busy reason={}", why);
        }
        waiter.onBusy(why);
    }

    /// Somebody waits here, so nobody may be served before.
    boolean isAwaited(BackendSettings backend) {
        Line line = lines.get(backend.id());
        return line != null && !line.waiting.isEmpty();
    }

    /// A slot beyond the limit, for a request that had a connection and lost it before it was heard.
    void takeAgain(BackendSettings backend) {
        line(backend.id()).taken++;
    }

    /// A connection is closed, has become a WebSocket, or never came about.
    void free(BackendSettings backend) {
        assert loop.inEventLoop();
        Line line = line(backend.id());
        line.taken--;
        if (line.taken < connectionsMax && !line.waiting.isEmpty()) {
            line.taken++;
            next(line).onSlot();
        } else if (line.taken == 0 && line.waiting.isEmpty()) {
            lines.remove(backend.id());
        }
    }

    /// @return false: nobody waits
    boolean offer(BackendConnection kept) {
        Line line = lines.get(kept.backend().id());
        if (line == null || line.waiting.isEmpty()) {
            return false;
        }
        Waiter first = next(line);
        // not here: the exchange that is over with it is still on the stack
        loop.execute(() -> first.onConnection(kept));
        return true;
    }

    /// The waiter is told nothing any more.
    void forget(BackendSettings backend, Waiter waiter) {
        Line line = lines.get(backend.id());
        if (line != null && line.waiting.removeIf(p -> p.waiter.equals(waiter) && p.limit.cancel(false))) {
            metrics.waitingForBackends.dec();
        }
    }

    private Waiter next(Line line) {
        Place first = line.waiting.removeFirst();
        first.limit.cancel(false);
        metrics.waitingForBackends.dec();
        return first.waiter;
    }

    private Line line(String backendId) {
        return lines.computeIfAbsent(backendId, id -> new Line());
    }
}
