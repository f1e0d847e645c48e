package io.postern.admin.publish;

import io.postern.admin.service.Site;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.domain.snapshot.Snapshot;
import io.postern.domain.snapshot.SnapshotSource;
import io.postern.pki.OperatorCertificates;
import io.postern.pki.Pki;
import io.postern.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door down: builds the snapshot after each change and swaps one reference. A build that fails
/// leaves the snapshot in force and is told by [#fault()] until one succeeds; it is tried again.
///
/// [#current()] never blocks. Builds run on the store's notifying thread or a virtual thread of ours,
/// one at a time.
public final class SnapshotPublisher implements SnapshotSource, AutoCloseable {
    /// How often it is built without a change: keys retire and revocations lapse by the clock. Earlier when an
    /// assignment begins or ends, which must be seen at once.
    private static final Duration TICK = Duration.ofMinutes(1);

    private static final Duration CATCH_UP = Duration.ofMillis(500);
    /// A build that takes longer is not waited for: many changes in a row would each wait for all rows.
    private static final Duration QUICK = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotPublisher.class);

    private final Site site;
    private final Store store;
    private final Pki pki;
    private final OperatorCertificates operator;
    private final InstantSource clock;
    private final List<Consumer<Snapshot>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock building = new ReentrantLock(); // order of swaps and of calls to listeners
    private final Condition swapped = building.newCondition();
    private final Thread ticker;
    private final TenantCertificates tenants;
    private Duration lastBuild = Duration.ZERO; // under the lock
    private volatile Instant due = Instant.MAX; // of the next assignment that begins or ends
    private volatile Snapshot current;
    private volatile Optional<String> fault = Optional.empty();
    private volatile boolean open = true;

    private SnapshotPublisher(Site site, Store store, Pki pki, OperatorCertificates operator, InstantSource clock) {
        this.site = site;
        this.store = store;
        this.pki = pki;
        this.operator = operator;
        this.clock = clock;
        this.tenants = new TenantCertificates(site, pki.serverCertificates());
        this.current = build(new KnownUsers(Optional.empty()));
        this.ticker = Thread.ofVirtual().name("snapshot-ticker").unstarted(this::tick);
    }

    /// Builds the first snapshot; without one the service cannot start.
    ///
    /// @throws io.postern.store.StoreUnavailable when the store cannot be read
    public static SnapshotPublisher open(
            Site site, Store store, Pki pki, OperatorCertificates operator, InstantSource clock) {
        var publisher = new SnapshotPublisher(site, store, pki, operator, clock);
        store.onChange(version -> {
            if (publisher.current.version() < version) {
                publisher.refresh();
            }
        });
        publisher.refresh(); // a change may have come between the build and the registration
        publisher.ticker.start();
        return publisher;
    }

    @Override
    public Snapshot current() {
        return current;
    }

    @Override
    public void onChange(Consumer<Snapshot> listener) {
        building.lock();
        try {
            listeners.add(listener);
            listener.accept(current);
        } finally {
            building.unlock();
        }
    }

    /// Builds anew; for what is no change of the store, such as a renewed certificate. Any thread that may block.
    public void refresh() {
        building.lock();
        try {
            if (!open) {
                return;
            }
            long started = System.nanoTime();
            Snapshot next = build(new KnownUsers(Optional.of(current)));
            lastBuild = Duration.ofNanos(System.nanoTime() - started);
            LockSupport.unpark(ticker); // it may have less time to sleep now
            if (fault.isPresent()) {
                LOG.info("snapshot is built again, version={}", next.version());
            }
            fault = Optional.empty();
            if (!next.equals(current) && next.version() >= current.version()) {
                current = next;
                listeners.forEach(this::tell);
            }
            swapped.signalAll();
        } catch (RuntimeException e) {
            // the border of a job: whatever went wrong, the picture in force is better than none
            fault = Optional.of("the picture of the configuration is out of date: " + e.getMessage());
            LOG.error("snapshot not built, version={} stays in force", current.version(), e);
        } finally {
            building.unlock();
        }
    }

    /// Waits until the snapshot shows what the store holds now, so that who changed something finds it in
    /// force. Not while builds are slow or failing: then the change follows by itself within a second.
    public void catchUp() {
        long wanted = store.version();
        long patience = CATCH_UP.toNanos();
        building.lock();
        try {
            while (current.version() < wanted && patience > 0 && lastBuild.compareTo(QUICK) < 0 && fault.isEmpty()) {
                patience = swapped.awaitNanos(patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            building.unlock();
        }
    }

    /// Why the snapshot in force may be old; empty when it is not.
    public Optional<String> fault() {
        return fault;
    }

    /// Whether the operator configured a certificate for the host, and so opened it to every tenant.
    public boolean hasCertificate(String host) {
        return operator.certificates().stream().anyMatch(c -> c.covers(host));
    }

    @Override
    public void close() {
        open = false;
        LockSupport.unpark(ticker);
        ticker.interrupt();
    }

    private Snapshot build(KnownUsers known) {
        var edge = new ArrayList<EdgeCertificate>(operator.certificates());
        // the default for unknown names is ours unless the operator brought one for the whole base domain
        boolean operatorDefault = !edge.isEmpty() && edge.getFirst().covers("x." + site.baseDomain());
        edge.add(operatorDefault ? edge.size() : 0, pki.edgeCertificate());
        // before the rows: a change in between makes the picture newer than its number, never older
        long version = store.version();
        return store.read(stores -> {
            Instant now = clock.instant();
            due = stores.assignments().nextChange(now).orElse(Instant.MAX);
            var all = new ArrayList<>(edge);
            all.addAll(tenants.inForce(stores, now));
            return new SnapshotBuilder(site, stores, now, known)
                    .build(
                            version,
                            new SnapshotBuilder.Certificates(
                                    all,
                                    pki.tunnelCertificate(),
                                    pki.connectorAuthority(),
                                    tenants.proofs(stores, now)));
        });
    }

    private void tell(Consumer<Snapshot> listener) {
        try {
            listener.accept(current);
        } catch (RuntimeException e) {
            LOG.error("a listener failed on snapshot version={}", current.version(), e);
        }
    }

    private void tick() {
        long next = System.nanoTime() + TICK.toNanos();
        while (open) {
            Duration untilDue = Duration.between(clock.instant(), due);
            long patience = next - System.nanoTime();
            if (patience <= 0 || untilDue.isNegative() || untilDue.isZero()) {
                next = System.nanoTime() + TICK.toNanos();
                refresh(); // which unparks us: the loop goes round once more and sleeps
            } else {
                LockSupport.parkNanos(untilDue.compareTo(TICK) < 0 ? Math.min(patience, untilDue.toNanos()) : patience);
            }
        }
    }
}
