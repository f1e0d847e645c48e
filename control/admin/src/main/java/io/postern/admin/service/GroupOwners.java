package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.Group;
import io.postern.store.User;
import java.util.List;
import java.util.Map;

/// Who owns a group: he may add and remove members of it, whatever roles he holds, and nothing else (GRP-8).
public final class GroupOwners {
    private static final int PER_GROUP_MAX = 100;

    private final Ledger ledger;

    public GroupOwners(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<List<User>> of(TenantId tenant, GroupId group) {
        return ledger.look(stores -> {
            Rejected.unless(stores.groups().find(tenant, group), "group", group);
            return stores.groupOwners().of(tenant, group).stream()
                    .flatMap(id -> stores.users().find(tenant, id).stream())
                    .toList();
        });
    }

    /// Groups that the user owns.
    public List<Group> ownedBy(TenantId tenant, UserId user) {
        return ledger.read(stores -> stores.groupOwners().owned(tenant, user).stream()
                .flatMap(id -> stores.groups().find(tenant, id).stream())
                .toList());
    }

    public boolean owns(TenantId tenant, UserId user, GroupId group) {
        return ledger.read(stores -> stores.groupOwners().owns(tenant, user, group));
    }

    public Outcome<User> add(Actor actor, GroupId id, UserId owner) {
        return ledger.change(actor, change -> {
            Group group = found(change, id);
            User user = change.found(change.stores().users().find(change.tenant(), owner), "user", owner);
            if (change.stores().groupOwners().of(change.tenant(), id).size() >= PER_GROUP_MAX) {
                throw Rejected.conflict("group '" + group.displayName() + "' has " + PER_GROUP_MAX
                        + " owners already; remove one first");
            }
            if (!change.stores().groupOwners().add(change.tenant(), id, owner, change.now())) {
                throw Rejected.conflict("'" + user.userPrincipalName() + "' is an owner of group '"
                        + group.displayName() + "' already");
            }
            note(change, Activity.ADD_GROUP_OWNER, group, user);
            return user;
        });
    }

    public Outcome<User> remove(Actor actor, GroupId id, UserId owner) {
        return ledger.change(actor, change -> {
            Group group = found(change, id);
            User user = change.found(
                    change.stores()
                            .users()
                            .find(change.tenant(), owner)
                            .filter(_ -> change.stores().groupOwners().remove(change.tenant(), id, owner)),
                    "owner of group '" + group.displayName() + "'",
                    owner);
            note(change, Activity.REMOVE_GROUP_OWNER, group, user);
            return user;
        });
    }

    private static Group found(Change change, GroupId id) {
        return change.found(change.stores().groups().find(change.tenant(), id), "group", id);
    }

    private static void note(Change change, Activity activity, Group group, User owner) {
        change.note(
                activity,
                group.id(),
                group.displayName(),
                Map.of("owner", owner.userPrincipalName(), "ownerId", owner.id().value()));
    }
}
