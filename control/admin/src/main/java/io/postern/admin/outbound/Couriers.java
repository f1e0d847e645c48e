package io.postern.admin.outbound;

import io.postern.admin.outside.OutsideClient;
import io.postern.admin.service.Actor;
import io.postern.admin.service.OutboundJobs;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.outbound.OutboundSettings.Match;
import io.postern.store.OutboundJob;
import io.postern.store.OutboundStore.Kind;
import io.postern.store.OutboundStore.Note;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works on every application that users are provisioned to, each on a thread of its own, so that a slow one keeps
/// nobody waiting. Of several nodes one works on an application; another takes over when it stops (OUT-3).
public final class Couriers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Couriers.class);

    /// Longer than the longest call, several of which may follow before the lease is kept.
    private static final Duration LEASE = Duration.ofMinutes(2);

    private static final Duration KEEP = Duration.ofSeconds(20);

    private final Store store;
    private final OutboundJobs jobs;
    private final OutsideClient client;
    private final InstantSource clock;
    private final String holder = UUID.randomUUID().toString();
    private final Set<ServicePrincipalId> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("provisioning-", 0).factory());
    private volatile boolean open = true;

    public Couriers(Store store, OutboundJobs jobs, OutsideClient client, InstantSource clock) {
        this.store = store;
        this.jobs = jobs;
        this.client = client;
        this.clock = clock;
    }

    /// Begins what is to be done and is not being done. Returns at once.
    public void begin() {
        for (OutboundJob job : store.read(stores -> stores.outbound().ready(clock.instant()))) {
            if (running.add(job.resource())) {
                threads.execute(() -> run(job));
            }
        }
    }

    private void run(OutboundJob job) {
        try {
            work(job);
        } catch (StoreUnavailable e) {
            LOG.debug("provisioning goes on later", e);
        } catch (RuntimeException e) { // a thread's border: the next turn comes in a second
            LOG.error("provisioning to {} stopped", job.resource(), e);
        } finally {
            running.remove(job.resource());
        }
    }

    /// Does what is to be done now, one application after the other. Blocking. @return how many users and
    /// groups were brought
    public int work() {
        return store.read(stores -> stores.outbound().ready(clock.instant())).stream()
                .mapToInt(this::work)
                .sum();
    }

    private int work(OutboundJob ready) {
        Instant now = clock.instant();
        if (!store.write(stores -> stores.outbound().lease(ready, holder, now, now.plus(LEASE)))) {
            return 0;
        }
        try {
            OutboundJob job = store.read(stores -> stores.outbound().find(ready.tenant(), ready.resource()))
                    .filter(OutboundJob::enabled)
                    .orElse(ready.withEnabled(false));
            if (!job.enabled()) {
                return 0;
            }
            return new Turn(store, job, name(job), target(job), clock, alarm()).work(lease(job));
        } finally {
            store.write(stores -> {
                stores.outbound().release(ready, holder);
                return true;
            });
        }
    }

    /// Keeps the lease, and ends the turn when it is lost, the job was changed or stopped, or the service stops.
    private BooleanSupplier lease(OutboundJob job) {
        var kept = new Object() {
            Instant last = clock.instant();
        };
        return () -> {
            Instant now = clock.instant();
            if (!open) {
                return false;
            }
            if (now.isBefore(kept.last.plus(KEEP))) {
                return true;
            }
            kept.last = now;
            return store.write(stores -> stores.outbound()
                            .find(job.tenant(), job.resource())
                            .filter(held -> held.enabled() && held.settings().equals(job.settings()))
                            .isPresent()
                    && stores.outbound().lease(job, holder, now, now.plus(LEASE)));
        };
    }

    private Turn.Alarm alarm() {
        return new Turn.Alarm() {
            @Override
            public void quarantined(OutboundJob job, String fault) {
                jobs.quarantined(job, fault);
            }

            @Override
            public void held(OutboundJob job, int removals, String objection) {
                jobs.held(job, removals, objection);
            }
        };
    }

    private String name(OutboundJob job) {
        return store.read(stores -> stores.servicePrincipals()
                .find(job.tenant(), job.resource())
                .map(ServicePrincipal::displayName)
                .orElse(""));
    }

    private ScimTarget target(OutboundJob job) {
        Optional<Secret> secret = jobs.open(job).map(bytes -> Secret.of(new String(bytes, StandardCharsets.UTF_8)));
        Predicate<String> own = host -> store.read(stores -> stores.domains().list(job.tenant())).stream()
                .anyMatch(domain -> domain.verified().isPresent() && domain.contains(host));
        return new ScimTarget(
                job.settings().target(),
                new TargetLogin(job.settings().login(), secret, client, own, clock),
                client,
                own,
                clock);
    }

    /// Asks the application for somebody whom nobody is called. @return a sentence where that fails, else empty
    public Outcome<String> test(TenantId tenant, ServicePrincipalId resource) {
        return jobs.find(tenant, resource).then(seen -> {
            Match match = seen.job().settings().match();
            try {
                target(seen.job())
                        .find(Kind.USER, match.attribute(), UUID.randomUUID().toString());
                return Outcome.done("");
            } catch (DeliveryFault e) {
                return Outcome.done(e.text() + ". " + e.kind().remedy());
            }
        });
    }

    /// Brings one user now, whether the job runs or not.
    public Outcome<DeliveryReport> bring(Actor actor, ServicePrincipalId resource, UserId id) {
        String user = id.value();
        return jobs.requested(actor, resource, user).then(seen -> {
            OutboundJob job = seen.job();
            Instant begun = clock.instant();
            if (!store.write(stores -> stores.outbound().lease(job, holder + "/" + user, begun, begun.plus(LEASE)))) {
                return new Outcome.Conflict<>(
                        "users are being provisioned to this application right now; try again in a minute");
            }
            try {
                return Outcome.done(bring(job, user, begun));
            } finally {
                store.write(stores -> {
                    stores.outbound().release(job, holder + "/" + user);
                    return true;
                });
            }
        });
    }

    private DeliveryReport bring(OutboundJob job, String user, Instant begun) {
        var report = new DeliveryReport();
        var note = store.read(stores -> stores.outbound().note(job, Kind.USER, user));
        boolean taken = true;
        try {
            new UserDelivery(store, job, target(job), clock).deliver(user, report);
        } catch (DeliveryFault e) {
            taken = false;
            report.failed(e);
        }
        boolean done = taken;
        Instant now = clock.instant();
        store.write(stores -> {
            stores.outbound()
                    .log(ProvisioningEntry.of(
                            job,
                            stores.servicePrincipals()
                                    .find(job.tenant(), job.resource())
                                    .map(ServicePrincipal::displayName)
                                    .orElse(""),
                            "onDemand",
                            Kind.USER,
                            user,
                            report,
                            now,
                            Duration.between(begun, now)));
            note.filter(_ -> done).ifPresent((Note n) -> stores.outbound().done(job, n));
            return true;
        });
        return report;
    }

    @Override
    public void close() {
        open = false;
        client.close();
        threads.close();
    }
}
