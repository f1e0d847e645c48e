package io.postern.gateway.edge;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// Handshakes of connectors on one loop, begun in the order in which they came, a few in each turn of the loop.
/// Those that are under way are read between two turns and so come first: of a thousand at once, early ones are
/// through early, instead of all together when the last of their time limits has passed. No place is held while a
/// peer is silent, so nobody can keep others out by saying nothing. Confined to its loop.
final class HandshakeTurns {
    /// A signature each, and a key agreement: some milliseconds together, for which all others on the loop wait.
    static final int STARTS_PER_TURN = 8;

    private final EventLoop loop;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean isScheduled;

    HandshakeTurns(EventLoop loop) {
        this.loop = loop;
    }

    void take(Runnable begin) {
        waiting.add(begin);
        if (!isScheduled) {
            schedule();
        }
    }

    /// As a timer that is due: it runs after the loop has looked at its connections again, a plain task before.
    private void schedule() {
        isScheduled = true;
        loop.schedule(this::turn, 0, TimeUnit.NANOSECONDS);
    }

    private void turn() {
        isScheduled = false;
        for (int i = 0; i < STARTS_PER_TURN && !waiting.isEmpty(); i++) {
            waiting.remove().run();
        }
        if (!waiting.isEmpty() && !isScheduled) {
            schedule();
        }
    }
}
