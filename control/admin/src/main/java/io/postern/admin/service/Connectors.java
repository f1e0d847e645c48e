package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.domain.health.PathProber;
import io.postern.store.Connector;
import io.postern.store.ConnectorGroup;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Registered connectors (2.2, 2.6).
public final class Connectors {
    /// After so long without a tunnel a connector is removed (STA-2).
    public static final Duration UNSEEN_MAX = Duration.ofDays(10);

    /// A connector with what is known of it now.
    ///
    /// @param load of its tunnels on this node; empty while it has none
    /// @param word what it said of itself last, while it has a tunnel
    public record Seen(
            Connector connector,
            ConnectorGroup group,
            Presence.State state,
            Optional<PathProber.Load> load,
            Optional<HealthBook.Word> word) {
        public boolean active() {
            return state.active();
        }
    }

    private final Ledger ledger;
    private final Presence presence;
    private final HealthBook book;
    private final PathProber prober;

    public Connectors(Ledger ledger, Presence presence, HealthBook book, PathProber prober) {
        this.ledger = ledger;
        this.presence = presence;
        this.book = book;
        this.prober = prober;
    }

    public List<Seen> list(TenantId tenant) {
        return ledger.read(stores -> seen(stores, tenant, stores.connectors().list(tenant)));
    }

    /// Of every tenant, for metrics.
    public List<Seen> listAll() {
        return ledger.read(stores -> stores.tenants().list().stream()
                .map(Tenant::id)
                .flatMap(tenant -> seen(stores, tenant, stores.connectors().list(tenant)).stream())
                .toList());
    }

    public Outcome<Seen> find(TenantId tenant, ConnectorId id) {
        return ledger.look(stores -> seen(
                        stores,
                        tenant,
                        List.of(stores.connectors()
                                .find(tenant, id)
                                .orElseThrow(() -> Rejected.notFound("connector", id))))
                .getFirst());
    }

    public Outcome<List<Seen>> inGroup(TenantId tenant, ConnectorGroupId group) {
        return ledger.look(stores -> {
            Rejected.unless(stores.connectorGroups().find(tenant, group), "connector group", group);
            return seen(stores, tenant, stores.connectors().inGroup(tenant, group));
        });
    }

    public Outcome<ConnectorGroup> groupOf(TenantId tenant, ConnectorId id) {
        return ledger.look(stores -> {
            Connector connector =
                    stores.connectors().find(tenant, id).orElseThrow(() -> Rejected.notFound("connector", id));
            return stores.connectorGroups()
                    .find(tenant, connector.group())
                    .orElseGet(() -> stores.connectorGroups().defaultGroup(tenant));
        });
    }

    /// A connector is in exactly one group (GRP-1), so joining one leaves the other. It serves and learns of the
    /// new group's applications only, from the next snapshot on.
    public Outcome<Connector> move(Actor actor, ConnectorId id, ConnectorGroupId group) {
        return ledger.change(actor, change -> {
            Connector old = found(change, id);
            ConnectorGroup target = change.stores()
                    .connectorGroups()
                    .find(change.tenant(), group)
                    .orElseThrow(() -> Rejected.invalid("@odata.id", "there is no connector group '" + group + "'"));
            refuseOtherRegion(change, old, target);
            Connector moved = old.withGroup(group);
            change.stores().connectors().update(moved);
            change.note(Activity.MOVE_CONNECTOR, id, old.machineName(), Map.of("connectorGroup", target.name()));
            return moved;
        });
    }

    /// Disabled, its tunnels end with the next snapshot and its certificate opens none, until it is enabled again.
    public Outcome<Connector> enable(Actor actor, ConnectorId id, boolean enabled) {
        return ledger.change(actor, change -> {
            Connector connector = found(change, id).withEnabled(enabled);
            change.stores().connectors().update(connector);
            change.note(enabled ? Activity.ENABLE_CONNECTOR : Activity.DISABLE_CONNECTOR, id, connector.machineName());
            return connector;
        });
    }

    /// Its certificate is worthless from the next snapshot on (REG-10).
    public Outcome<Connector> delete(Actor actor, ConnectorId id) {
        return ledger.change(actor, change -> {
            Connector connector = found(change, id);
            change.stores().connectors().delete(change.tenant(), id);
            change.note(Activity.DELETE_CONNECTOR, id, connector.machineName());
            return connector;
        });
    }

    /// Removes connectors that nobody has seen for [#UNSEEN_MAX] (STA-2); they must register again. Those that an
    /// administrator has disabled stay: their absence is wanted. Not right after a start, since connectors were not
    /// seen either while the service was down.
    ///
    /// @return how many went
    public int removeUnseen() {
        Instant now = ledger.clock().instant();
        Instant since = now.minus(UNSEEN_MAX);
        int removed = 0;
        for (Connector connector : ledger.read(stores -> stores.connectors().unseenSince(since))) {
            if (!presence.isActive(connector, now) && isRemoved(connector, since)) {
                removed++;
            }
        }
        return removed;
    }

    private boolean isRemoved(Connector unseen, Instant since) {
        Outcome<Boolean> removed = ledger.change(Actor.service(unseen.tenant()), change -> {
            Connector connector = found(change, unseen.id());
            if (!connector.enabled()
                    || connector
                            .lastSeen()
                            .filter(seen -> !seen.isBefore(since))
                            .isPresent()) {
                return false; // it came back in this moment
            }
            change.stores().connectors().delete(change.tenant(), connector.id());
            change.note(
                    Activity.REMOVE_CONNECTOR,
                    connector.id(),
                    connector.machineName(),
                    Map.of(
                            "lastSeen",
                            connector.lastSeen().map(Instant::toString).orElse("never")));
            return true;
        });
        return removed instanceof Outcome.Done<Boolean>(Boolean done) && done;
    }

    private static void refuseOtherRegion(Change change, Connector connector, ConnectorGroup target) {
        ConnectorGroup source = change.stores()
                .connectorGroups()
                .find(change.tenant(), connector.group())
                .orElseThrow(() -> Rejected.notFound("connector group", connector.group()));
        if (target.region().isPresent()
                && source.region().isPresent()
                && !target.region().equals(source.region())) {
            throw Rejected.conflict("connector '" + connector.machineName() + "' is in region '"
                    + source.region().get() + "' and group '" + target.name() + "' in '"
                    + target.region().get()
                    + "'; move it to a group without a region first, such as Default (GRP-6)");
        }
    }

    private List<Seen> seen(Stores stores, TenantId tenant, List<Connector> connectors) {
        Instant now = ledger.clock().instant();
        ConnectorGroup otherwise = stores.connectorGroups().defaultGroup(tenant);
        Map<ConnectorGroupId, ConnectorGroup> groups = stores.connectorGroups().list(tenant).stream()
                .collect(Collectors.toMap(ConnectorGroup::id, Function.identity()));
        Map<ConnectorId, PathProber.Load> loads = prober.loads();
        return connectors.stream()
                .map(connector -> {
                    Presence.State state = presence.state(connector, now);
                    return new Seen(
                            connector,
                            groups.getOrDefault(connector.group(), otherwise),
                            state,
                            Optional.ofNullable(loads.get(connector.id())),
                            book.word(connector.id()).filter(word -> state.here()));
                })
                .toList();
    }

    private static Connector found(Change change, ConnectorId id) {
        return change.found(change.stores().connectors().find(change.tenant(), id), "connector", id);
    }
}
