package io.postern.connector.serve;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.tunnel.BackendSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who of one event loop waits for a connection to a backend, in the order they came; how many there may be of
/// both is the whole connector's [BackendShare]. Whoever cannot be served soon is told at once or within the
/// time limit: a backend that hangs holds so many connections and so many waiting requests, and no more.
/// WebSockets do not count: they would use up what is meant for requests. Confined to the loop.
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

    /// What becomes of a connection that came free: another loop cannot use it, only the place it leaves.
    enum Offered {
        TAKEN,
        WANTED_ELSEWHERE,
        UNWANTED
    }

    private static final Logger LOG = LoggerFactory.getLogger("connector.serve");
    private static final long TOLD_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final class Line implements BackendShare.Part {
        private final String backendId;
        private final BackendShare share;
        private long toldNanos = System.nanoTime() - TOLD_AGAIN_NANOS;
        private int taken;
        private boolean awaits; // word of room
        private final ArrayDeque<Place> waiting = new ArrayDeque<>(0);

        Line(String backendId) {
            this.backendId = backendId;
            this.share = shares.join(backendId, loop, this);
        }

        boolean take() {
            boolean got = share.take();
            taken += got ? 1 : 0;
            return got;
        }

        void awaitRoom() {
            if (!awaits && !waiting.isEmpty()) {
                awaits = true;
                share.await(loop);
            }
        }

        @Override
        public void onRoom() {
            awaits = false;
            boolean needless = waiting.isEmpty();
            while (!waiting.isEmpty() && take()) {
                next(this).onSlot();
            }
            awaitRoom();
            if (needless) {
                share.wakeNext();
            }
        }

        @Override
        public void giveUpUnused() {
            closeUnused.accept(backendId);
        }
    }

    private record Place(Waiter waiter, Future<?> limit) {}

    private final EventLoop loop;
    private final ServeMetrics metrics;
    private final BackendShares shares;
    private final Consumer<String> closeUnused;
    private final Duration waitMax;
    private final Map<String, Line> lines = new HashMap<>();

    /// @param closeUnused closes one unused connection to this backend, if there is one
    BackendSlots(
            EventLoop loop,
            ServeSettings settings,
            ServeMetrics metrics,
            BackendShares shares,
            Consumer<String> closeUnused) {
        this.loop = loop;
        this.metrics = metrics;
        this.shares = shares;
        this.closeUnused = closeUnused;
        this.waitMax = settings.connectTimeout();
    }

    /// Gives the waiter a slot, a place in the line, or a refusal.
    void ask(BackendSettings backend, Waiter waiter) {
        assert loop.inEventLoop();
        Line line = line(backend.id());
        if (line.waiting.isEmpty() && line.take()) {
            waiter.onSlot();
        } else if (!line.share.queue()) {
            refuse(
                    line,
                    waiter,
                    Backends.name(backend) + " has " + line.share.taken() + " connections from here and "
                            + line.share.waiting()
                            + " requests wait for one; see 'backend-connections' and 'backend-queue' in this"
                            + " connector's configuration");
        } else {
            Future<?> limit = loop.schedule(
                    () -> {
                        line.waiting.removeIf(p -> p.waiter.equals(waiter));
                        left(line);
                        refuse(line, waiter, "no connection to " + Backends.name(backend) + " came free in " + waitMax);
                    },
                    waitMax.toNanos(),
                    TimeUnit.NANOSECONDS);
            line.waiting.addLast(new Place(waiter, limit));
            metrics.waitingForBackends.inc();
            line.awaitRoom();
        }
    }

    private void left(Line line) {
        line.share.unqueue();
        metrics.waitingForBackends.dec();
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

    /// Somebody waits on another loop: a connection that nobody needs here should be closed, not kept.
    boolean isAwaitedElsewhere(BackendSettings backend) {
        Line line = lines.get(backend.id());
        return line != null && line.share.isAwaitedBesides(loop);
    }

    /// A slot beyond the limit, for a request that had a connection and lost it before it was heard.
    void takeAgain(BackendSettings backend) {
        Line line = line(backend.id());
        line.taken++;
        line.share.takeAgain();
    }

    /// A connection is closed, has become a WebSocket, or never came about.
    void free(BackendSettings backend) {
        assert loop.inEventLoop();
        Line line = line(backend.id());
        if (!line.waiting.isEmpty() && !line.share.isOverdrawn() && !line.share.isTurnOfOthersThan(loop)) {
            next(line).onSlot(); // what was taken stays taken
            return;
        }
        line.taken--;
        line.share.release();
        if (line.taken == 0 && line.waiting.isEmpty()) {
            lines.remove(backend.id());
            shares.leave(backend.id(), loop);
        }
    }

    /// Gives a connection that an exchange is over with to who waits here, unless it is the turn of others.
    Offered offer(BackendConnection kept) {
        Line line = lines.get(kept.backend().id());
        if (line == null) {
            return Offered.UNWANTED;
        }
        if (line.waiting.isEmpty()) {
            return line.share.isAwaitedBesides(loop) ? Offered.WANTED_ELSEWHERE : Offered.UNWANTED;
        }
        if (line.share.isTurnOfOthersThan(loop)) {
            return Offered.WANTED_ELSEWHERE;
        }
        Waiter first = next(line);
        // not here: the exchange that is over with it is still on the stack
        loop.execute(() -> first.onConnection(kept));
        return Offered.TAKEN;
    }

    /// The waiter is told nothing any more.
    void forget(BackendSettings backend, Waiter waiter) {
        Line line = lines.get(backend.id());
        if (line != null && line.waiting.removeIf(p -> p.waiter.equals(waiter) && p.limit.cancel(false))) {
            left(line);
        }
    }

    private Waiter next(Line line) {
        Place first = line.waiting.removeFirst();
        first.limit.cancel(false);
        left(line);
        return first.waiter;
    }

    private Line line(String backendId) {
        return lines.computeIfAbsent(backendId, Line::new);
    }
}
