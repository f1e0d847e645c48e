package io.postern.gateway.intake;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.TenantSettings;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.Exchange;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// The limits of requests per second that a snapshot sets (1.12). Each node of the service counts for itself:
/// with several behind a balancer, the limit of all is the sum. Without limits a request costs two lookups.
public final class Throttles {
    private final Map<AppId, Throttle> applications = new HashMap<>();
    private final Map<TenantId, Throttle> tenants = new HashMap<>();

    private Throttles() {}

    /// Counting goes on where a limit stays as it was.
    public static Throttles of(Snapshot snapshot, Optional<Throttles> before) {
        var now = new Throttles();
        snapshot.tenantSettings()
                .forEach((tenant, settings) -> settings.requestsPerSecondMax()
                        .ifPresent(max -> now.tenants.put(tenant, kept(before.map(b -> b.tenants.get(tenant)), max))));
        for (PublishedApplication application : snapshot.applications()) {
            Optional<Integer> own =
                    application.publishing().flatMap(p -> p.settings().requestsPerSecondMax());
            Optional<Integer> max = own.or(() -> application.publishing().isEmpty()
                    ? Optional.empty()
                    : snapshot.tenantSettings()
                            .getOrDefault(application.tenant(), TenantSettings.DEFAULT)
                            .applicationRequestsPerSecondMax());
            max.ifPresent(m -> now.applications.put(
                    application.appId(), kept(before.map(b -> b.applications.get(application.appId())), m)));
        }
        return now;
    }

    private static Throttle kept(Optional<Throttle> before, int max) {
        return before.filter(t -> t.perSecond() == max)
                .orElseGet(() -> new Throttle(max, ThreadLocalRandom.current().nextLong(), System.nanoTime()));
    }

    /// Why an admitted exchange is not taken now; empty where it is. Our own portal has no limit.
    public Optional<Cause> refuses(Exchange exchange, PublishedApplication application) {
        if (application.publishing().isEmpty() || (applications.isEmpty() && tenants.isEmpty())) {
            return Optional.empty();
        }
        long now = System.nanoTime();
        int user = exchange.subject()
                .map(subject -> subject.user().hashCode())
                .orElseGet(() -> exchange.facts().address().hashCode());
        Throttle ofApplication = applications.get(application.appId());
        if (ofApplication != null && !ofApplication.admits(user, now)) {
            return Optional.of(Cause.APPLICATION_RATE);
        }
        Throttle ofTenant = tenants.get(application.tenant());
        return ofTenant != null && !ofTenant.admits(user, now) ? Optional.of(Cause.TENANT_RATE) : Optional.empty();
    }
}
