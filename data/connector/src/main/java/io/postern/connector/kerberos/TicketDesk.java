package io.postern.connector.kerberos;

import io.postern.connector.directory.AccountSearch;
import io.postern.connector.kerberos.KerberosFault.Blame;
import io.postern.connector.kerberos.KerberosFault.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/// Keeps users' tickets, and gets those that are not there: one question under way for each, so many at once as the
/// gate lets in, and none for longer than the deadline, whatever KDC and directory do. Any thread.
///
/// While nobody answers, a ticket that has not ended yet goes on being used beyond its time here. A refusal is told
/// again for a moment without asking.
final class TicketDesk implements AutoCloseable {
    private static final int REFUSALS_MAX = 1_000;

    /// @param user the login identity, as the service sent it
    record Key(String user, ServicePrincipal service) {}

    private record Entry(Delegated delegated, Instant freshUntil) {}

    private record Refusal(KerberosFault fault, Instant until) {}

    private final KerberosSettings settings;
    private final KerberosConfiguration configuration;
    private final FaultReading faults;
    private final ConnectorLogin login;
    private final Accounts accounts;
    private final KdcGate gate;
    private final KerberosMetrics metrics;
    private final InstantSource clock;
    private final Object lock = new Object();
    private final Map<Key, Entry> kept;
    private final Map<Key, Refusal> refused;
    private final Map<Key, CompletableFuture<Delegated>> underWay = new HashMap<>();

    TicketDesk(KerberosSettings settings, KerberosMetrics metrics, InstantSource clock) {
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.configuration = KerberosConfiguration.install(settings);
        this.faults = new FaultReading(settings);
        this.login = new ConnectorLogin(settings, faults, metrics, clock);
        this.accounts = new Accounts(configuration, settings.ldap().map(AccountSearch::new));
        this.gate = new KdcGate(settings, metrics);
        this.kept = bounded(settings.cacheSize());
        this.refused = bounded(REFUSALS_MAX);
    }

    private static <V> Map<Key, V> bounded(int max) {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, V> eldest) {
                return size() > max;
            }
        };
    }

    FaultReading faults() {
        return faults;
    }

    /// The connector's account signs in, so that the first user does not wait for it. Waits.
    void signIn() throws InterruptedException {
        login.subject();
    }

    /// @return done by any thread; its fault is a [KerberosFault]
    CompletableFuture<Delegated> ticket(Key key) {
        CompletableFuture<Delegated> mine;
        Instant now = clock.instant();
        synchronized (lock) {
            Entry entry = kept.get(key);
            if (entry != null && now.isBefore(entry.freshUntil())) {
                metrics.asked.labelValues("cached").inc();
                return CompletableFuture.completedFuture(entry.delegated());
            }
            CompletableFuture<Delegated> other = underWay.get(key);
            if (other != null) {
                metrics.asked.labelValues("joined").inc();
                return other.copy();
            }
            Refusal refusal = refused.get(key);
            if (refusal != null && now.isBefore(refusal.until())) {
                Delegated old = stale(key, refusal.fault(), now);
                metrics.asked.labelValues(old == null ? "refused" : "stale").inc();
                return old == null
                        ? CompletableFuture.failedFuture(refusal.fault())
                        : CompletableFuture.completedFuture(old);
            }
            mine = new CompletableFuture<>();
            underWay.put(key, mine);
        }
        metrics.asked.labelValues("exchanged").inc();
        begin(key, mine);
        return mine.copy();
    }

    /// The backend did not take it.
    void forget(Key key, Delegated bad) {
        synchronized (lock) {
            Entry entry = kept.get(key);
            if (entry != null && entry.delegated() == bad) {
                kept.remove(key);
                metrics.cached.set(kept.size());
            }
        }
    }

    private void begin(Key key, CompletableFuture<Delegated> mine) {
        long end = System.nanoTime() + settings.deadline().toNanos();
        var isAsking = new AtomicBoolean();
        Thread worker = Thread.ofVirtual().name("kerberos").unstarted(() -> {
            try {
                gate.enter(end);
                try {
                    isAsking.set(true);
                    kept(key, mine, exchange(key, end));
                } finally {
                    gate.leave();
                }
            } catch (KerberosFault e) {
                refused(key, mine, e);
            } catch (InterruptedException e) {
                refused(key, mine, late(isAsking.get(), e));
            } catch (RuntimeException | Error e) {
                refused(
                        key,
                        mine,
                        new KerberosFault(
                                Kind.OTHER, "getting a ticket failed (" + e + ")", "look at the connector's log", e));
            }
        });
        worker.start();
        CompletableFuture.delayedExecutor(settings.deadline().toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(() -> {
                    if (refused(key, mine, late(isAsking.get(), null))) {
                        worker.interrupt(); // its socket closes, and it makes room
                    }
                });
    }

    private KerberosFault late(boolean isAsking, @Nullable Throwable cause) {
        Throwable why = cause == null ? new InterruptedException("deadline") : cause;
        return isAsking
                ? faults.silent(why)
                : new KerberosFault(
                        Kind.BUSY,
                        "too many users need a Kerberos ticket at once",
                        "look whether the domain controllers are slow; else raise 'kerberos.parallel'",
                        why);
    }

    private Delegated exchange(Key key, long end) throws InterruptedException {
        long begun = System.nanoTime();
        String account = accounts.of(key.user(), left(end));
        String service = key.service().name() + "@" + configuration.realmOf(key.service());
        Subject connector = login.subject();
        try {
            Delegated got = Delegated.get(connector, account, service, faults);
            metrics.exchangeSeconds.observe((System.nanoTime() - begun) / 1e9);
            return got;
        } catch (KerberosFault e) {
            if (e.kind() == Kind.OTHER) { // perhaps it is about the connector's own ticket, which was revoked
                login.forget(connector);
            }
            throw accounts.explained(e, account, settings.principal(), left(end));
        }
    }

    private static Duration left(long endNanos) {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    private void kept(Key key, CompletableFuture<Delegated> mine, Delegated got) {
        Instant fresh = clock.instant().plus(settings.cacheTime());
        synchronized (lock) {
            if (!underWay.remove(key, mine)) {
                return; // too late: whoever asked has been told
            }
            kept.put(key, new Entry(got, fresh.isBefore(got.until()) ? fresh : got.until()));
            refused.remove(key);
            metrics.cached.set(kept.size());
        }
        mine.complete(got);
    }

    /// @return whether it was the first ending
    private boolean refused(Key key, CompletableFuture<Delegated> mine, KerberosFault fault) {
        Delegated old;
        Instant now = clock.instant();
        synchronized (lock) {
            if (!underWay.remove(key, mine)) {
                return false;
            }
            if (!fault.kind().kept().isZero()) {
                refused.put(key, new Refusal(fault, now.plus(fault.kind().kept())));
            }
            old = stale(key, fault, now);
        }
        metrics.failures.labelValues(fault.kind().name()).inc();
        if (old == null) {
            mine.completeExceptionally(fault);
        } else {
            metrics.asked.labelValues("stale").inc();
            mine.complete(old);
        }
        return true;
    }

    /// Under the lock.
    private @Nullable Delegated stale(Key key, KerberosFault fault, Instant now) {
        Entry entry = kept.get(key);
        boolean isNobodyThere = fault.kind().blame() == Blame.UNREACHABLE || fault.kind() == Kind.BUSY;
        return entry != null && isNobodyThere && now.isBefore(entry.delegated().until()) ? entry.delegated() : null;
    }

    @Override
    public void close() {
        accounts.close();
    }
}
