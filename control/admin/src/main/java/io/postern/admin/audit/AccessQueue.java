package io.postern.admin.audit;

import io.postern.domain.event.AccessEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Where event loops leave access events for the one thread that writes them. Bounded; offering takes no
/// lock and, while the writer is busy or resting, makes no system call: waking it for every exchange cost
/// more than a quarter of the gateway's time (docs/decisions/2026-11-21-speed.md).
final class AccessQueue {
    /// What the writer rests for after a batch that was not full, to find a larger one next; it is woken
    /// when that one is full. Events that waited longer would outlive the young generation.
    private static final Duration REST = Duration.ofMillis(200);

    private static final int BATCH_MAX = 512;

    private final ConcurrentLinkedQueue<AccessEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean idle = new AtomicBoolean();
    private final int sizeMax;
    private volatile Thread writer = Thread.currentThread();

    AccessQueue(int sizeMax) {
        this.sizeMax = sizeMax;
    }

    /// From any thread; returns at once.
    ///
    /// @return false when the queue is full
    boolean offer(AccessEvent event) {
        if (size.get() >= sizeMax) {
            return false;
        }
        int now = size.incrementAndGet();
        events.add(event);
        if (now == BATCH_MAX || (idle.get() && idle.compareAndSet(true, false))) {
            LockSupport.unpark(writer);
        }
        return true;
    }

    /// Waits for events; always by the same thread. Empty when it was interrupted while there were none.
    List<AccessEvent> take() {
        writer = Thread.currentThread();
        List<AccessEvent> batch = poll();
        while (batch.isEmpty() && !Thread.currentThread().isInterrupted()) {
            idle.set(true);
            if (events.isEmpty()) { // asked again: an event may have come before `idle` was seen
                LockSupport.park(this);
            }
            idle.set(false);
            batch = poll();
        }
        return batch;
    }

    /// Returns early when interrupted; at once after a full batch.
    void rest(List<AccessEvent> afterBatch) {
        if (afterBatch.size() < BATCH_MAX) {
            LockSupport.parkNanos(this, REST.toNanos());
        }
    }

    /// What is there now, a batch at most.
    List<AccessEvent> poll() {
        var batch = new ArrayList<AccessEvent>();
        for (AccessEvent event; batch.size() < BATCH_MAX && (event = events.poll()) != null; ) {
            batch.add(event);
        }
        size.addAndGet(-batch.size());
        return batch;
    }
}
