package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.health.AppPath;
import io.postern.domain.health.PathProber;
import io.postern.domain.publish.Application;
import io.postern.store.Connector;
import io.postern.store.ConnectorGroup;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Which application is reached through which connector, judged by probes and never by what a connector says of
/// itself (STA-1, APP-6, APP-7). As this node of the service found it: each node probes through its own tunnels,
/// which are those that its users' requests take
/// (docs/decisions/2026-11-21-each-node-tells-its-own-health.md).
public final class Health {
    /// A caller waits no longer for probes; what has not come by then is shown as it was.
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    /// @param warnings about the group, the names and the certificates
    public record OfApplication(
            Application application, ConnectorGroup group, List<PathHealth> paths, List<String> warnings) {}

    private final String node;
    private final Ledger ledger;
    private final Presence presence;
    private final HealthBook book;
    private final GroupWarnings warnings;
    private final NameCheck names;
    private final PathProber prober;

    /// @param node what people call this node of the service
    public Health(
            String node,
            Ledger ledger,
            Presence presence,
            HealthBook book,
            GroupWarnings warnings,
            NameCheck names,
            PathProber prober) {
        this.node = node;
        this.ledger = ledger;
        this.presence = presence;
        this.book = book;
        this.warnings = warnings;
        this.names = names;
        this.prober = prober;
    }

    /// Whose view it is that the others tell.
    public String node() {
        return node;
    }

    /// Every published application of the tenant.
    public List<OfApplication> applications(TenantId tenant) {
        return ledger.read(stores -> applications(stores, tenant));
    }

    public Outcome<OfApplication> application(TenantId tenant, ObjectId id) {
        return ledger.look(stores -> of(stores, published(stores, tenant, id)));
    }

    /// Probes now through every connector of the group that is here. Blocks for as long as that takes, 25 s at most.
    public Outcome<OfApplication> probe(TenantId tenant, ObjectId id) {
        Outcome<OfApplication> before = application(tenant, id);
        if (before instanceof Outcome.Done<OfApplication>(OfApplication health)) {
            probe(health.paths());
            return application(tenant, id);
        }
        return before;
    }

    /// Every application that the connector is to serve.
    public Outcome<List<PathHealth>> connector(TenantId tenant, ConnectorId id) {
        return ledger.look(stores -> {
            Connector connector =
                    stores.connectors().find(tenant, id).orElseThrow(() -> Rejected.notFound("connector", id));
            Instant now = ledger.clock().instant();
            ConnectorGroupId defaultGroup =
                    stores.connectorGroups().defaultGroup(tenant).id();
            return stores.applications().list(tenant).stream()
                    .filter(a -> a.group().orElse(defaultGroup).equals(connector.group()))
                    .flatMap(a -> path(a, connector, now).stream())
                    .toList();
        });
    }

    /// Every path of every tenant, for metrics.
    public List<PathHealth> everything() {
        return ledger.read(stores -> stores.tenants().list().stream()
                .map(Tenant::id)
                .flatMap(tenant -> applications(stores, tenant).stream())
                .flatMap(health -> health.paths().stream())
                .toList());
    }

    private void probe(List<PathHealth> paths) {
        var wanted = paths.stream()
                .filter(path -> presence.state(path.connector(), ledger.clock().instant())
                        .here())
                .map(path ->
                        new AppPath(path.connector().id(), path.application().appId()))
                .collect(Collectors.toUnmodifiableSet());
        try {
            prober.probe(wanted)
                    .toCompletableFuture()
                    .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            // too many, or too slow: what is known by now is told
            return;
        }
    }

    private List<OfApplication> applications(Stores stores, TenantId tenant) {
        return stores.applications().list(tenant).stream()
                .filter(a -> a.publishing().isPresent())
                .map(a -> of(stores, a))
                .toList();
    }

    private OfApplication of(Stores stores, Application application) {
        Instant now = ledger.clock().instant();
        ConnectorGroup group = application
                .group()
                .flatMap(id -> stores.connectorGroups().find(application.tenant(), id))
                .orElseGet(() -> stores.connectorGroups().defaultGroup(application.tenant()));
        List<PathHealth> paths = stores.connectors().inGroup(application.tenant(), group.id()).stream()
                .flatMap(connector -> path(application, connector, now).stream())
                .toList();
        var all = new ArrayList<>(warnings.of(stores, group));
        application.publishing().ifPresent(p -> all.addAll(Certificates.missing(stores, application.tenant(), p, now)));
        all.addAll(names.known(application.id()));
        return new OfApplication(application, group, paths, List.copyOf(all));
    }

    private Optional<PathHealth> path(Application application, Connector connector, Instant now) {
        return application
                .publishing()
                .map(publishing -> Judgement.of(
                        application,
                        publishing,
                        connector,
                        presence.state(connector, now),
                        book.latest(new AppPath(connector.id(), application.appId())),
                        now));
    }

    private static Application published(Stores stores, TenantId tenant, ObjectId id) {
        Application application =
                stores.applications().find(tenant, id).orElseThrow(() -> Rejected.notFound("application", id));
        if (application.publishing().isEmpty()) {
            throw Rejected.notFound("publication of application", application.displayName());
        }
        return application;
    }
}
