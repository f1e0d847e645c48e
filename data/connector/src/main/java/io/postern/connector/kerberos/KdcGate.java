package io.postern.connector.kerberos;

import io.postern.connector.kerberos.KerberosFault.Kind;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// How many ask KDCs at once: a domain controller that is asked by hundreds at once refuses connections. Any
/// virtual thread.
final class KdcGate {
    private final Semaphore places;
    private final AtomicInteger waiting = new AtomicInteger();
    private final KerberosSettings settings;
    private final KerberosMetrics metrics;

    KdcGate(KerberosSettings settings, KerberosMetrics metrics) {
        this.places = new Semaphore(settings.parallel(), true);
        this.settings = settings;
        this.metrics = metrics;
    }

    /// Call [#leave()] after it.
    ///
    /// @param endNanos when there is no more time, of [System#nanoTime()]
    /// @throws KerberosFault when too many wait, or it took too long
    void enter(long endNanos) throws InterruptedException {
        long begun = System.nanoTime();
        if (!places.tryAcquire()) {
            if (waiting.incrementAndGet() > settings.queue()) {
                waiting.decrementAndGet();
                throw busy(settings.queue() + " others wait already");
            }
            metrics.waiting.inc();
            try {
                if (!places.tryAcquire(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw busy("no turn came within " + settings.deadline().toMillis() + " ms");
                }
            } finally {
                metrics.waiting.dec();
                waiting.decrementAndGet();
            }
        }
        metrics.waitSeconds.observe((System.nanoTime() - begun) / 1e9);
    }

    void leave() {
        places.release();
    }

    private static KerberosFault busy(String why) {
        return new KerberosFault(
                Kind.BUSY,
                "too many users need a Kerberos ticket at once: " + why,
                "look whether the domain controllers are slow; else raise 'kerberos.parallel', or add connectors");
    }
}
