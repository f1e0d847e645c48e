package io.postern.admin.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.domain.event.ConnectorEvent;
import io.postern.pki.ConnectorSubject;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes into the audit log what was refused to somebody who wanted to be a connector. Strangers are among them,
/// so the same refusal is noted once in a while only, and all together are bounded. Thread-safe; blocking.
public final class Refusals {
    private static final Duration ONCE_IN = Duration.ofMinutes(10);
    private static final int KINDS_MAX = 10_000;
    private static final int PER_HOUR_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /// @param tenant empty where nobody can tell: then it is told to the service's own tenant
    /// @param connector whom it claims to be, or was
    /// @param reason one word
    record Refusal(
            Activity activity,
            Optional<TenantId> tenant,
            Optional<ConnectorId> connector,
            Optional<String> address,
            String reason) {}

    private final Store store;
    private final InstantSource clock;
    private final Cache<Refusal, Boolean> noted = Caffeine.newBuilder()
            .maximumSize(KINDS_MAX)
            .expireAfterWrite(ONCE_IN)
            .build();
    private Instant hour = Instant.EPOCH; // both under the lock of this object
    private int inThisHour;

    public Refusals(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// A tunnel that the gateway has refused.
    public void note(ConnectorEvent.Refused refused) {
        Optional<ConnectorSubject> subject = refused.certificate().flatMap(ConnectorSubject::of);
        note(
                new Refusal(
                        Activity.CONNECT_CONNECTOR,
                        subject.map(ConnectorSubject::tenant),
                        subject.map(ConnectorSubject::connector),
                        Optional.of(refused.externalAddress()),
                        refused.reason()),
                Map.of());
    }

    void note(Refusal refusal, Map<String, String> details) {
        if (noted.asMap().putIfAbsent(refusal, true) != null || !isWithinBounds()) {
            return;
        }
        try {
            store.write(stores -> {
                TenantId tenant = refusal.tenant()
                        .filter(t -> stores.tenants().find(t).isPresent())
                        .orElseGet(() -> stores.tenants().list().getFirst().id());
                String who = refusal.connector().map(ConnectorId::value).orElse("unknown");
                var actor = new Actor(tenant, who, who, refusal.address());
                new Change(stores, actor, clock.instant().truncatedTo(ChronoUnit.MILLIS))
                        .refuse(refusal.activity(), who, refusal.reason(), details);
                return true;
            });
        } catch (StoreUnavailable e) {
            LOG.warn("refusal not written to the audit log: {} ({})", refusal, e.getMessage());
        }
    }

    private synchronized boolean isWithinBounds() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.HOURS);
        if (!now.equals(hour)) {
            hour = now;
            inThisHour = 0;
        }
        inThisHour++;
        if (inThisHour == PER_HOUR_MAX + 1) {
            LOG.warn("{} refusals within an hour; the audit log takes no more of them until the next", PER_HOUR_MAX);
        }
        return inThisHour <= PER_HOUR_MAX;
    }
}
