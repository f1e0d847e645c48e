package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.Group;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.List;
import java.util.Map;

/// Groups within groups. What is assigned to a group reaches its direct members only (ASG-3); what asks for everybody
/// within asks here.
public final class Nestings {
    /// Members of a group, or everybody within it.
    public record Members(List<User> users, List<Group> groups) {}

    private final Ledger ledger;

    public Nestings(Ledger ledger) {
        this.ledger = ledger;
    }

    /// Direct ones.
    public Outcome<Members> members(TenantId tenant, GroupId id) {
        return ledger.look(stores -> {
            Rejected.unless(stores.groups().find(tenant, id), "group", id);
            return new Members(
                    users(stores, tenant, stores.groups().members(tenant, id)),
                    groups(stores, tenant, stores.nestings().members(tenant, id)));
        });
    }

    public Outcome<Members> within(TenantId tenant, GroupId id) {
        return ledger.look(stores -> {
            Rejected.unless(stores.groups().find(tenant, id), "group", id);
            return new Members(
                    users(stores, tenant, stores.nestings().usersWithin(tenant, id)),
                    groups(stores, tenant, stores.nestings().within(tenant, id)));
        });
    }

    /// Groups that the group is a direct member of.
    public Outcome<List<Group>> parents(TenantId tenant, GroupId id) {
        return ledger.look(stores -> {
            Rejected.unless(stores.groups().find(tenant, id), "group", id);
            return groups(stores, tenant, stores.nestings().parents(tenant, id));
        });
    }

    public Outcome<List<Group>> above(TenantId tenant, GroupId id) {
        return ledger.look(stores -> {
            Rejected.unless(stores.groups().find(tenant, id), "group", id);
            return groups(stores, tenant, stores.nestings().above(tenant, id));
        });
    }

    public Outcome<List<Group>> above(TenantId tenant, UserId id) {
        return ledger.look(stores -> {
            Rejected.unless(stores.users().find(tenant, id), "user", id);
            return groups(stores, tenant, stores.nestings().above(tenant, id));
        });
    }

    /// @throws Rejected when the group would be within itself (GRP-7)
    static void add(Change change, Group group, Group member) {
        if (member.id().equals(group.id())
                || change.stores()
                        .nestings()
                        .within(change.tenant(), member.id())
                        .contains(group.id())) {
            throw Rejected.conflict("group '" + group.displayName() + "' would be within itself: it is "
                    + (member.id().equals(group.id()) ? "the same group" : "within '" + member.displayName() + "'"));
        }
        if (!change.stores().nestings().add(change.tenant(), group.id(), member.id())) {
            throw Rejected.conflict(
                    "'" + member.displayName() + "' is a member of '" + group.displayName() + "' already");
        }
        change.note(Activity.ADD_MEMBER, group.id(), group.displayName(), Map.of("memberGroup", member.displayName()));
    }

    /// @return false when it was none
    static boolean remove(Change change, Group group, GroupId member) {
        boolean removed = change.stores().nestings().remove(change.tenant(), group.id(), member);
        if (removed) {
            change.note(Activity.REMOVE_MEMBER, group.id(), group.displayName(), Map.of("memberGroup", member.value()));
        }
        return removed;
    }

    private static List<User> users(Stores stores, TenantId tenant, List<UserId> ids) {
        return ids.stream()
                .flatMap(id -> stores.users().find(tenant, id).stream())
                .toList();
    }

    private static List<Group> groups(Stores stores, TenantId tenant, List<GroupId> ids) {
        return ids.stream()
                .flatMap(id -> stores.groups().find(tenant, id).stream())
                .toList();
    }
}
