package io.postern.admin.audit;

import io.postern.admin.service.ExchangeBook;
import io.postern.admin.service.HealthBook;
import io.postern.admin.service.Presence;
import io.postern.admin.service.Refusals;
import io.postern.admin.service.Renewal;
import io.postern.admin.service.Traces;
import io.postern.domain.ConnectorId;
import io.postern.domain.event.AccessEvent;
import io.postern.domain.event.ConnectorEvent;
import io.postern.domain.event.EventSink;
import io.postern.domain.event.Traced;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door up. Access events go to the log `access`, many at a time; a full queue drops and counts them,
/// since an exchange must not wait for a disk. Connector events become presence: in memory at once, in the
/// store by a thread of their own, so that a slow database does not hold up the access log.
public final class EventDrain implements EventSink, AutoCloseable {
    /// About a second at the rate that one machine of two cores can serve.
    private static final int ACCESS_MAX = 16_384;

    private static final int CONNECTOR_MAX = 4_096;
    /// Of up to 64 KiB each.
    private static final int TRACED_MAX = 256;
    /// Half of [Presence#FRESH], so that one late write does not make a connector look gone.
    private static final Duration SEEN_EVERY = Presence.FRESH.dividedBy(2);

    private static final Logger LOG = LoggerFactory.getLogger(EventDrain.class);

    private final AccessQueue accesses = new AccessQueue(ACCESS_MAX);
    private final BlockingQueue<ConnectorEvent> connectors = new ArrayBlockingQueue<>(CONNECTOR_MAX);
    private final BlockingQueue<Traced> traced = new ArrayBlockingQueue<>(TRACED_MAX);
    private final AtomicInteger tracedMissed = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final Map<ConnectorId, ConnectorEvent.TunnelOpened> last = new HashMap<>(); // presence thread only
    private final AccessLog log = new AccessLog();
    private final Presence presence;
    private final Renewal renewal;
    private final Refusals refusals;
    private final HealthBook health;
    private final ExchangeBook exchanges;
    private final Traces traces;
    private final Store store;
    private final InstantSource clock;
    private final Thread accessThread;
    private final Thread presenceThread;
    private final Thread traceThread;
    private volatile boolean open = true;

    private EventDrain(
            Presence presence,
            HealthBook health,
            ExchangeBook exchanges,
            Traces traces,
            Renewal renewal,
            Refusals refusals,
            Store store,
            InstantSource clock) {
        this.presence = presence;
        this.health = health;
        this.exchanges = exchanges;
        this.traces = traces;
        this.renewal = renewal;
        this.refusals = refusals;
        this.store = store;
        this.clock = clock;
        this.accessThread = Thread.ofVirtual().name("access-drain").unstarted(this::drainAccesses);
        this.presenceThread = Thread.ofVirtual().name("presence-drain").unstarted(this::drainConnectors);
        this.traceThread = Thread.ofVirtual().name("trace-drain").unstarted(this::drainTraced);
    }

    public static EventDrain open(
            Presence presence,
            HealthBook health,
            ExchangeBook exchanges,
            Traces traces,
            Renewal renewal,
            Refusals refusals,
            Store store,
            InstantSource clock) {
        var drain = new EventDrain(presence, health, exchanges, traces, renewal, refusals, store, clock);
        drain.accessThread.start();
        drain.presenceThread.start();
        drain.traceThread.start();
        return drain;
    }

    @Override
    public void access(AccessEvent event) {
        if (!accesses.offer(event)) {
            dropped.increment();
        }
    }

    @Override
    public void traced(Traced exchange) {
        if (!traced.offer(exchange)) {
            tracedMissed.addAndGet(1 + exchange.missed());
        }
    }

    @Override
    public void connector(ConnectorEvent event) {
        switch (event) {
            case ConnectorEvent.TunnelOpened opened -> presence.opened(opened.connector(), opened.time());
            case ConnectorEvent.TunnelClosed closed ->
                presence.closed(closed.connector(), closed.tunnelsLeft(), closed.time());
            case ConnectorEvent.Refused _ -> {}
            case ConnectorEvent.Reported reported -> {
                health.on(reported);
                return; // nothing to write down
            }
            case ConnectorEvent.PathProbed probed -> {
                health.on(probed.probed());
                return;
            }
        }
        if (!connectors.offer(event)) {
            dropped.increment();
        }
    }

    /// Events lost to a full queue since the start: a metric.
    public long dropped() {
        return dropped.sum();
    }

    /// Writes what is queued, then ends; waits a second at most for each thread.
    @Override
    public void close() {
        open = false;
        accessThread.interrupt();
        presenceThread.interrupt();
        traceThread.interrupt();
        try {
            accessThread.join(Duration.ofSeconds(1));
            presenceThread.join(Duration.ofSeconds(1));
            traceThread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drainAccesses() {
        while (open) {
            List<AccessEvent> batch = accesses.take();
            if (!batch.isEmpty()) {
                log.write(batch);
                exchanges.note(batch);
                accesses.rest(batch);
            }
        }
        List<AccessEvent> left = accesses.poll();
        while (!left.isEmpty()) {
            log.write(left);
            left = accesses.poll();
        }
    }

    private void drainTraced() {
        while (open) {
            try {
                keep(traced.take());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void keep(Traced exchange) {
        int missed = tracedMissed.getAndSet(0);
        try {
            traces.note(exchange, missed);
        } catch (StoreUnavailable e) {
            tracedMissed.addAndGet(missed + 1);
            LOG.warn("exchange={} of trace={} not kept: {}", exchange.exchange(), exchange.trace(), e.getMessage());
        }
    }

    private void drainConnectors() {
        Instant next = clock.instant().plus(SEEN_EVERY);
        while (open) {
            try {
                Duration wait = Duration.between(clock.instant(), next);
                ConnectorEvent event = connectors.poll(Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS);
                if (event != null) {
                    note(event);
                } else {
                    next = clock.instant().plus(SEEN_EVERY);
                    presence.open().forEach(id -> seen(id, clock.instant()));
                }
            } catch (InterruptedException e) {
                break;
            }
        }
        connectors.forEach(this::note);
    }

    private void note(ConnectorEvent event) {
        switch (event) {
            case ConnectorEvent.TunnelOpened opened -> {
                last.put(opened.connector(), opened);
                LOG.info(
                        "tunnel opened connector={} machineName={} version={} externalAddress={}",
                        opened.connector(),
                        opened.machineName(),
                        opened.version(),
                        opened.externalAddress());
                used(opened);
                seen(opened.connector(), opened.time());
            }
            case ConnectorEvent.TunnelClosed closed -> {
                LOG.info(
                        "tunnel closed connector={} reason={} tunnelsLeft={}",
                        closed.connector(),
                        closed.reason(),
                        closed.tunnelsLeft());
                seen(closed.connector(), closed.time());
            }
            case ConnectorEvent.Refused refused -> refusals.note(refused);
            case ConnectorEvent.Reported _ -> {} // these two never come here
            case ConnectorEvent.PathProbed _ -> {}
        }
    }

    private void used(ConnectorEvent.TunnelOpened opened) {
        try {
            renewal.used(opened.connector(), opened.certificate(), Optional.of(opened.externalAddress()));
        } catch (StoreUnavailable e) {
            LOG.warn("use of a certificate by connector={} not written: {}", opened.connector(), e.getMessage());
        }
    }

    private void seen(ConnectorId id, Instant time) {
        ConnectorEvent.TunnelOpened facts = last.get(id);
        if (facts == null) {
            return; // opened before the queue overflowed; the next tunnel tells again
        }
        try {
            store.write(stores ->
                    stores.connectors().seen(id, time, facts.externalAddress(), facts.machineName(), facts.version()));
        } catch (StoreUnavailable e) {
            LOG.warn("presence of connector={} not written: {}", id, e.getMessage());
        }
    }
}
