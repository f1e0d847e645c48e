package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.Group;
import io.postern.store.GroupStore;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Security groups and their direct members.
public final class Groups {
    private static final int PAGE = 500;

    private final Ledger ledger;

    public Groups(Ledger ledger) {
        this.ledger = ledger;
    }

    public List<Group> list(TenantId tenant) {
        return ledger.read(stores -> {
            var all = new ArrayList<Group>();
            GroupStore.Position after = GroupStore.Position.START;
            while (true) {
                List<Group> page = stores.groups().list(tenant, after, PAGE);
                all.addAll(page);
                if (page.size() < PAGE) {
                    return all;
                }
                after = new GroupStore.Position(
                        page.getLast().displayName(), page.getLast().id().value());
            }
        });
    }

    public Outcome<Group> find(TenantId tenant, GroupId id) {
        return ledger.look(
                stores -> stores.groups().find(tenant, id).orElseThrow(() -> Rejected.notFound("group", id)));
    }

    public Outcome<List<User>> members(TenantId tenant, GroupId id) {
        return ledger.look(stores -> {
            Rejected.unless(stores.groups().find(tenant, id), "group", id);
            return stores.groups().members(tenant, id).stream()
                    .flatMap(user -> stores.users().find(tenant, user).stream())
                    .toList();
        });
    }

    public Outcome<Group> create(Actor actor, String displayName, Optional<String> description) {
        return ledger.change(actor, change -> {
            var group = new Group(change.tenant(), GroupId.random(), displayName, description, change.now());
            check(group);
            change.stores().groups().insert(group);
            change.note(Activity.ADD_GROUP, group.id(), group.displayName());
            return group;
        });
    }

    public Outcome<Group> patch(Actor actor, GroupId id, Edit<String> displayName, Edit<String> description) {
        return ledger.change(actor, change -> {
            Group old = found(change, id);
            var group = new Group(
                    old.tenant(),
                    old.id(),
                    displayName.or(old.displayName()),
                    description.orKeep(old.description()),
                    old.created());
            check(group);
            change.stores().groups().update(group);
            change.note(
                    Activity.UPDATE_GROUP, group.id(), group.displayName(), Differences.between(old, group), Map.of());
            return group;
        });
    }

    public Outcome<Group> delete(Actor actor, GroupId id) {
        return ledger.change(actor, change -> {
            Group group = found(change, id);
            change.stores().groups().delete(change.tenant(), id);
            change.note(Activity.DELETE_GROUP, group.id(), group.displayName());
            return group;
        });
    }

    public Outcome<Group> addMember(Actor actor, GroupId id, UserId member) {
        return ledger.change(actor, change -> {
            Group group = found(change, id);
            User user = change.stores()
                    .users()
                    .find(change.tenant(), member)
                    .orElseThrow(() -> Rejected.invalid("@odata.id", "there is no user '" + member + "'"));
            if (!change.stores().groups().addMember(change.tenant(), id, member)) {
                throw Rejected.conflict(
                        "'" + user.userPrincipalName() + "' is a member of '" + group.displayName() + "' already");
            }
            change.note(Activity.ADD_MEMBER, id, group.displayName(), Map.of("member", user.userPrincipalName()));
            return group;
        });
    }

    public Outcome<Group> removeMember(Actor actor, GroupId id, UserId member) {
        return ledger.change(actor, change -> {
            Group group = found(change, id);
            if (!change.stores().groups().removeMember(change.tenant(), id, member)) {
                throw Rejected.notFound("member of '" + group.displayName() + "'", member);
            }
            AccessRequests.left(change, id, member);
            change.note(Activity.REMOVE_MEMBER, id, group.displayName(), Map.of("member", member.value()));
            return group;
        });
    }

    private static Group found(Change change, GroupId id) {
        return change.found(change.stores().groups().find(change.tenant(), id), "group", id);
    }

    private static void check(Group group) {
        if (group.displayName().isBlank() || group.displayName().length() > 256) {
            throw Rejected.invalid("displayName", "displayName must have 1 to 256 characters");
        }
        if (group.description().map(String::length).orElse(0) > 1024) {
            throw Rejected.invalid("description", "description must have at most 1024 characters");
        }
    }
}
