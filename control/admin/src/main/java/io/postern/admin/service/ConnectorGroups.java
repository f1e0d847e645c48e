package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.store.ConnectorGroup;
import io.postern.store.Stores;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Connector groups (2.5).
public final class ConnectorGroups {
    private static final Set<String> REGIONS = Set.of("nam", "eur", "aus", "asia", "ind"); // GRP-6

    private final Ledger ledger;

    public ConnectorGroups(Ledger ledger) {
        this.ledger = ledger;
    }

    public List<ConnectorGroup> list(TenantId tenant) {
        return ledger.read(stores -> stores.connectorGroups().list(tenant));
    }

    public Outcome<ConnectorGroup> find(TenantId tenant, ConnectorGroupId id) {
        return ledger.look(stores ->
                stores.connectorGroups().find(tenant, id).orElseThrow(() -> Rejected.notFound("connector group", id)));
    }

    public Outcome<List<Application>> applications(TenantId tenant, ConnectorGroupId id) {
        return ledger.look(stores -> applicationsOf(
                stores,
                stores.connectorGroups().find(tenant, id).orElseThrow(() -> Rejected.notFound("connector group", id))));
    }

    public Outcome<ConnectorGroup> create(Actor actor, String name, Optional<String> region) {
        return ledger.change(actor, change -> {
            var group =
                    new ConnectorGroup(change.tenant(), ConnectorGroupId.random(), name, false, region, change.now());
            check(change, group);
            change.stores().connectorGroups().insert(group);
            change.note(Activity.ADD_CONNECTOR_GROUP, group.id(), group.name());
            return group;
        });
    }

    public Outcome<ConnectorGroup> patch(Actor actor, ConnectorGroupId id, Edit<String> name, Edit<String> region) {
        return ledger.change(actor, change -> {
            ConnectorGroup old = found(change, id);
            if (old.isDefault() && (name.given() || region.given())) {
                throw Rejected.conflict("connector group '" + old.name()
                        + "' is the default and stays as it is; add another group (GRP-5)");
            }
            var group = new ConnectorGroup(
                    old.tenant(),
                    old.id(),
                    name.or(old.name()),
                    old.isDefault(),
                    region.orKeep(old.region()),
                    old.created());
            check(change, group);
            if (!group.region().equals(old.region())) {
                mustBeEmpty(change, old, "change its region (GRP-6)");
            }
            change.stores().connectorGroups().update(group);
            change.note(Activity.UPDATE_CONNECTOR_GROUP, id, group.name());
            return group;
        });
    }

    public Outcome<ConnectorGroup> delete(Actor actor, ConnectorGroupId id) {
        return ledger.change(actor, change -> {
            ConnectorGroup group = found(change, id);
            if (group.isDefault()) {
                throw Rejected.conflict("connector group '" + group.name() + "' is the default and stays (GRP-5)");
            }
            mustBeEmpty(change, group, "delete it (GRP-5)");
            change.stores().sync().list(change.tenant()).stream()
                    .filter(source -> source.group().equals(id))
                    .findFirst()
                    .ifPresent(source -> {
                        throw Rejected.conflict("connector group '" + group.name()
                                + "' reads the directory of the synchronisation source '" + source.name()
                                + "'; give that another group to delete it (GRP-5)");
                    });
            change.stores().connectorGroups().delete(change.tenant(), id);
            change.note(Activity.DELETE_CONNECTOR_GROUP, id, group.name());
            return group;
        });
    }

    private static void mustBeEmpty(Change change, ConnectorGroup group, String purpose) {
        int connectors = change.stores()
                .connectors()
                .inGroup(change.tenant(), group.id())
                .size();
        int applications = applicationsOf(change.stores(), group).size();
        if (connectors + applications > 0) {
            throw Rejected.conflict("connector group '" + group.name() + "' has " + connectors + " connectors and "
                    + applications + " applications; move them to another group to " + purpose);
        }
    }

    /// An application without a chosen group is one of the Default group's (GRP-3).
    private static List<Application> applicationsOf(Stores stores, ConnectorGroup group) {
        return group.isDefault()
                ? stores.applications().list(group.tenant()).stream()
                        .filter(a -> a.publishing().isPresent()
                                && a.group().map(group.id()::equals).orElse(true))
                        .toList()
                : stores.applications().inGroup(group.tenant(), group.id());
    }

    private static ConnectorGroup found(Change change, ConnectorGroupId id) {
        return change.found(change.stores().connectorGroups().find(change.tenant(), id), "connector group", id);
    }

    private static void check(Change change, ConnectorGroup group) {
        if (group.name().isBlank() || group.name().length() > 120) {
            throw Rejected.invalid("name", "name must have 1 to 120 characters");
        }
        if (group.region().filter(r -> !REGIONS.contains(r)).isPresent()) {
            throw Rejected.invalid(
                    "region", "region '" + group.region().get() + "' is unknown; use nam, eur, aus, asia or ind");
        }
        change.stores()
                .connectorGroups()
                .findByName(change.tenant(), group.name())
                .filter(other -> !other.id().equals(group.id()))
                .ifPresent(_ -> {
                    throw Rejected.conflict(
                            "connector group '" + group.name() + "' exists already; choose another name");
                });
    }
}
