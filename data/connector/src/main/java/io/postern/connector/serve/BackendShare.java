package io.postern.connector.serve;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What the whole connector has of one backend, over all event loops: connections, and requests that wait for
/// one. A loop whose requests wait leaves word here; it hears when another loop lets a connection go, and the
/// others are asked for one that they keep unused. Thread-safe, no lock.
final class BackendShare {
    /// One loop's part in it; called on that loop.
    interface Part {
        /// There may be room again.
        void onRoom();

        /// Closes an unused connection, if there is one.
        void giveUpUnused();
    }

    /// Where several loops wait, so often one gives up a connection that its own requests could have had: it is
    /// dearer than handing it on, and the others would starve without.
    private static final int TURNS = 4;

    private final int connectionsMax;
    private final int waitingMax;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<EventLoop, Part> parts = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<EventLoop> awaiting = new ConcurrentLinkedQueue<>();

    BackendShare(ServeSettings settings) {
        this.connectionsMax = settings.connections();
        this.waitingMax = settings.waiting();
    }

    void join(EventLoop loop, Part part) {
        parts.put(loop, part);
    }

    /// @return nobody is left
    boolean leave(EventLoop loop) {
        parts.remove(loop);
        return parts.isEmpty();
    }

    int taken() {
        return taken.get();
    }

    int waiting() {
        return waiting.get();
    }

    /// @return false: as many are open as may be
    boolean take() {
        if (taken.incrementAndGet() > connectionsMax) {
            taken.decrementAndGet();
            return false;
        }
        return true;
    }

    /// One more than may be, for a request that had a connection and lost it before it was heard.
    void takeAgain() {
        taken.incrementAndGet();
    }

    /// A connection is gone. Somebody who waits hears of it.
    void release() {
        taken.decrementAndGet();
        wakeNext();
    }

    boolean isOverdrawn() {
        return taken.get() > connectionsMax;
    }

    /// Another loop waits. Its word may stand behind this loop's own, left when requests waited here that have
    /// been served since: whoever looked at the first only would keep what the other needs.
    boolean isAwaitedBesides(EventLoop loop) {
        for (EventLoop next : awaiting) {
            if (!next.equals(loop)) {
                return true;
            }
        }
        return false;
    }

    /// Whether what comes free here is to go to another loop although somebody waits here.
    boolean isTurnOfOthersThan(EventLoop loop) {
        return isAwaitedBesides(loop) && Math.floorMod(turn.incrementAndGet(), TURNS) == 0;
    }

    /// @return false: as many wait as may
    boolean queue() {
        if (waiting.incrementAndGet() > waitingMax) {
            waiting.decrementAndGet();
            return false;
        }
        return true;
    }

    void unqueue() {
        waiting.decrementAndGet();
    }

    /// The loop wants to hear of room, once. Room may have come just before.
    void await(EventLoop loop) {
        awaiting.add(loop);
        if (taken.get() < connectionsMax && loop.equals(wakeNext())) {
            return;
        }
        parts.forEach((other, part) -> {
            if (!other.equals(loop)) {
                other.execute(part::giveUpUnused);
            }
        });
    }

    /// Whoever was woken and needs nothing passes it on.
    ///
    /// @return who was woken; null: nobody waits
    @Nullable
    EventLoop wakeNext() {
        for (EventLoop next; (next = awaiting.poll()) != null; ) {
            Part part = parts.get(next);
            if (part != null) {
                next.execute(part::onRoom);
                return next;
            }
        }
        return null;
    }
}
