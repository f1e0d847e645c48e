package io.postern.connector.kerberos;

import io.postern.connector.kerberos.KerberosFault.Blame;
import io.postern.connector.kerberos.KerberosFault.Kind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Tickets of users at services, kept for a while and bounded in number. One exchange is under way for each; few are
/// at once, since KDCs fall over sooner than they queue; whoever would wait too long is told at once. Thread-safe.
final class Tickets {
    /// @param name as the service gave it
    /// @param identity the kind of name
    record Key(String name, String identity, String service) {}

    private record Kept(Delegated ticket, Instant freshUntil) {}

    private record Refused(KerberosFault fault, long untilNanos) {}

    /// A question under way: `answer` is what comes of it, or null after the deadline; `result` what everybody who
    /// waits for it gets.
    private static final class Asking {
        final CompletableFuture<Delegated> answer = new CompletableFuture<>();
        final CompletableFuture<Delegated> result = new CompletableFuture<>();
        final long since = System.nanoTime();
    }

    /// Asks KDC and directory; waits.
    interface Exchange {
        Delegated get(Key key);
    }

    private final KerberosSettings settings;
    private final Exchange exchange;
    private final Executor threads;
    private final KerberosMetrics metrics;
    private final InstantSource clock;
    private final Semaphore places;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Kept> kept;
    private final Map<Key, Asking> asked = new HashMap<>();
    private final Map<Key, Refused> refused;

    Tickets(
            KerberosSettings settings,
            Exchange exchange,
            Executor threads,
            KerberosMetrics metrics,
            InstantSource clock) {
        this.settings = settings;
        this.exchange = exchange;
        this.threads = threads;
        this.metrics = metrics;
        this.clock = clock;
        this.places = new Semaphore(settings.parallel(), true);
        this.kept = bounded(settings.cacheSize());
        this.refused = bounded(1_000);
    }

    private static <V> Map<Key, V> bounded(int size) {
        return new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, V> eldest) {
                return size() > size;
            }
        };
    }

    /// Done at once where the ticket is kept. Fails with a [KerberosFault] and nothing else, after the deadline at
    /// the latest.
    ///
    /// @param afresh what is kept was not taken by the backend
    CompletableFuture<Delegated> get(Key key, boolean afresh) {
        lock.lock();
        try {
            Instant now = clock.instant();
            if (afresh) {
                kept.remove(key);
            }
            Kept known = kept.get(key);
            if (known != null && now.isBefore(known.freshUntil())) {
                metrics.asked.labelValues("cached").inc();
                return CompletableFuture.completedFuture(known.ticket());
            }
            Refused before = refused.get(key);
            if (before != null && before.untilNanos() - System.nanoTime() > 0) {
                metrics.asked.labelValues("refused").inc();
                return stale(known, now, before.fault());
            }
            Asking underWay = asked.get(key);
            if (underWay != null) {
                metrics.asked.labelValues("joined").inc();
                return underWay.result;
            }
            if (asked.size() >= settings.queue() + settings.parallel()) {
                return stale(known, now, busy());
            }
            return ask(key, known);
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<Delegated> ask(Key key, @Nullable Kept known) {
        var asking = new Asking();
        asked.put(key, asking);
        metrics.waiting.inc();
        // an own deadline: the library's time limits add up over questions and servers
        asking.answer
                .completeOnTimeout(null, settings.deadline().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((ticket, fault) -> {
                    if (ticket != null) {
                        asking.result.complete(ticket);
                        return;
                    }
                    KerberosFault why = fault instanceof KerberosFault said ? said : silent();
                    onRefused(key, asking, why);
                    stale(known, clock.instant(), why).whenComplete((old, none) -> {
                        if (old != null) {
                            asking.result.complete(old);
                        } else {
                            asking.result.completeExceptionally(why);
                        }
                    });
                });
        threads.execute(() -> exchange(key, asking));
        return asking.result;
    }

    private void exchange(Key key, Asking asking) {
        CompletableFuture<Delegated> answer = asking.answer;
        boolean mine = false;
        try {
            long left = settings.deadline().toNanos() - (System.nanoTime() - asking.since);
            mine = places.tryAcquire(Math.max(left, 0), TimeUnit.NANOSECONDS);
            if (!mine || answer.isDone()) {
                answer.completeExceptionally(busy());
                return;
            }
            metrics.waitSeconds.observe((System.nanoTime() - asking.since) / 1e9);
            long began = System.nanoTime();
            Delegated ticket = exchange.get(key);
            metrics.exchangeSeconds.observe((System.nanoTime() - began) / 1e9);
            metrics.asked.labelValues("exchanged").inc();
            onTicket(key, asking, ticket);
        } catch (KerberosFault e) {
            answer.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(busy());
        } catch (RuntimeException e) {
            answer.completeExceptionally(new KerberosFault(
                    Kind.OTHER, "a fault of the connector: " + e, "report it with the connector's log", e));
        } finally {
            metrics.waiting.dec();
            if (mine) {
                places.release();
            }
        }
    }

    /// Kept also when nobody waits for it any more: the next request has it.
    private void onTicket(Key key, Asking asking, Delegated ticket) {
        lock.lock();
        try {
            Instant now = clock.instant();
            Instant later = now.plus(settings.cacheTime());
            kept.put(key, new Kept(ticket, later.isBefore(ticket.until()) ? later : ticket.until()));
            refused.remove(key);
            asked.remove(key, asking);
            metrics.cached.set(kept.size());
        } finally {
            lock.unlock();
        }
        asking.answer.complete(ticket);
    }

    private void onRefused(Key key, Asking asking, KerberosFault fault) {
        lock.lock();
        try {
            if (asked.remove(key, asking)) {
                metrics.failures.labelValues(fault.kind().name().toLowerCase(Locale.ROOT)).inc();
                refused.put(
                        key, new Refused(fault, System.nanoTime() + fault.kind().kept().toNanos()));
            }
        } finally {
            lock.unlock();
        }
    }

    /// While nobody answers, a ticket that is still good goes on being used.
    private CompletableFuture<Delegated> stale(@Nullable Kept known, Instant now, KerberosFault fault) {
        Blame blame = fault.kind().blame();
        if (known != null
                && now.isBefore(known.ticket().until())
                && (blame == Blame.UNREACHABLE || blame == Blame.BUSY)) {
            metrics.asked.labelValues("stale").inc();
            return CompletableFuture.completedFuture(known.ticket());
        }
        return CompletableFuture.failedFuture(fault);
    }

    private KerberosFault silent() {
        return new KerberosFault(
                Kind.KDC_SILENT,
                "no ticket came within " + settings.deadline().toMillis() + " ms",
                "look at the domain controllers' load, and at the firewall (TCP 88) between them and this connector");
    }

    private static KerberosFault busy() {
        return new KerberosFault(
                Kind.BUSY,
                "too many users wait for a ticket",
                "it passes; if it lasts, look at how fast the KDC answers, raise 'kerberos.parallel', or add a"
                        + " connector");
    }

    int size() {
        lock.lock();
        try {
            return kept.size();
        } finally {
            lock.unlock();
        }
    }
}
