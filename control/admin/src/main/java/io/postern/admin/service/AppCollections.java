package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.AppCollection;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Collections that administrators put together for My Apps (4.5). A collection shows and gives nothing: in
/// it a user finds what he is assigned to, and no more (ASG-1).
public final class AppCollections {
    private static final int NAME_MAX = 120;
    private static final int DESCRIPTION_MAX = 1_024;
    private static final int COLLECTIONS_MAX = 200;

    /// @param apps ids of service principals, in their order
    /// @param people ids of users and groups who see it; empty: everybody
    public record Wanted(
            Edit<String> name, Edit<String> description, Edit<List<String>> apps, Edit<List<String>> people) {}

    private final Ledger ledger;

    public AppCollections(Ledger ledger) {
        this.ledger = ledger;
    }

    public List<AppCollection> list(TenantId tenant) {
        return ledger.read(stores -> stores.portal().collections(tenant));
    }

    public Outcome<AppCollection> find(TenantId tenant, String id) {
        return ledger.look(stores -> found(stores, tenant, id));
    }

    public Outcome<AppCollection> create(Actor actor, Wanted wanted) {
        return ledger.change(actor, change -> {
            if (change.stores().portal().collections(change.tenant()).size() >= COLLECTIONS_MAX) {
                throw Rejected.conflict("there are " + COLLECTIONS_MAX + " collections already; remove one first");
            }
            var collection = new AppCollection(
                    change.tenant(),
                    UUID.randomUUID().toString(),
                    Optional.empty(),
                    wanted.name().or("").strip(),
                    wanted.description().value(),
                    wanted.apps().or(List.of()).stream().distinct().toList(),
                    wanted.people().or(List.of()).stream().distinct().toList(),
                    change.now());
            check(change, collection);
            change.stores().portal().put(collection);
            change.note(Activity.ADD_COLLECTION, collection.id(), collection.name(), told(collection));
            return collection;
        });
    }

    public Outcome<AppCollection> patch(Actor actor, String id, Wanted wanted) {
        return ledger.change(actor, change -> {
            AppCollection old = found(change.stores(), change.tenant(), id);
            var collection = new AppCollection(
                    old.tenant(),
                    old.id(),
                    old.owner(),
                    wanted.name().or(old.name()).strip(),
                    wanted.description().orKeep(old.description()),
                    wanted.apps().or(old.apps()).stream().distinct().toList(),
                    wanted.people().or(old.people()).stream().distinct().toList(),
                    old.created());
            check(change, collection);
            change.stores().portal().put(collection);
            change.note(Activity.UPDATE_COLLECTION, collection.id(), collection.name(), told(collection));
            return collection;
        });
    }

    public Outcome<AppCollection> delete(Actor actor, String id) {
        return ledger.change(actor, change -> {
            AppCollection collection = found(change.stores(), change.tenant(), id);
            change.stores().portal().delete(change.tenant(), id);
            change.note(Activity.DELETE_COLLECTION, collection.id(), collection.name());
            return collection;
        });
    }

    /// Those that the user sees: his own, and those of administrators for him or one of his groups.
    public static List<AppCollection> seenBy(Stores stores, User user) {
        var ids = new HashSet<String>();
        ids.add(user.id().value());
        stores.groups().groupsOf(user.tenant(), user.id()).forEach(group -> ids.add(group.value()));
        List<AppCollection> given = stores.portal().collections(user.tenant()).stream()
                .filter(collection -> collection.people().isEmpty()
                        || collection.people().stream().anyMatch(ids::contains))
                .toList();
        var all = new ArrayList<>(given);
        all.addAll(stores.portal().own(user.tenant(), user.id()));
        return List.copyOf(all);
    }

    /// What a user made for himself is no administrator's to see.
    private static AppCollection found(Stores stores, TenantId tenant, String id) {
        return stores.portal()
                .find(tenant, id)
                .filter(collection -> collection.owner().isEmpty())
                .orElseThrow(() -> Rejected.notFound("collection", id));
    }

    private static void check(Change change, AppCollection collection) {
        if (collection.name().isEmpty() || collection.name().length() > NAME_MAX) {
            throw Rejected.invalid("displayName", "displayName must have 1 to " + NAME_MAX + " characters");
        }
        if (collection.description().map(String::length).orElse(0) > DESCRIPTION_MAX) {
            throw Rejected.invalid("description", "description must have at most " + DESCRIPTION_MAX + " characters");
        }
        for (String app : collection.apps()) {
            if (!isPrincipal(change, app)) {
                throw Rejected.invalid("appIds", "appIds holds '" + app + "', which is no id of a service principal");
            }
        }
        for (String person : collection.people()) {
            if (!isPerson(change, person)) {
                throw Rejected.invalid(
                        "principalIds", "principalIds holds '" + person + "', which is no id of a user or a group");
            }
        }
    }

    private static boolean isPrincipal(Change change, String id) {
        try {
            return change.stores()
                    .servicePrincipals()
                    .find(change.tenant(), new ServicePrincipalId(id))
                    .isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isPerson(Change change, String id) {
        try {
            return change.stores().users().find(change.tenant(), new UserId(id)).isPresent()
                    || change.stores()
                            .groups()
                            .find(change.tenant(), new GroupId(id))
                            .isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Map<String, String> told(AppCollection collection) {
        return Map.of(
                "apps", String.join(" ", collection.apps()),
                "principals", String.join(" ", collection.people()));
    }
}
