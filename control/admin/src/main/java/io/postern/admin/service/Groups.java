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

/// Security groups, assigned and dynamic, and their direct members.
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

    /// With assigned members.
    public Outcome<Group> create(Actor actor, String displayName, Optional<String> description) {
        return create(actor, displayName, description, RuleEdit.NONE);
    }

    public Outcome<Group> create(Actor actor, String displayName, Optional<String> description, RuleEdit rule) {
        return ledger.change(actor, change -> create(change, displayName, description, rule));
    }

    static Group create(Change change, String displayName, Optional<String> description) {
        return create(change, displayName, description, RuleEdit.NONE);
    }

    private static Group create(Change change, String displayName, Optional<String> description, RuleEdit rule) {
        GroupId id = GroupId.random();
        var group = new Group(
                change.tenant(),
                id,
                displayName,
                description,
                change.now(),
                GroupRules.changed(change, id, Optional.empty(), rule));
        check(group);
        change.stores().groups().insert(group);
        GroupRules.written(change, id, Optional.empty(), group.rule());
        change.note(Activity.ADD_GROUP, group.id(), group.displayName(), told(group));
        return group;
    }

    public Outcome<Group> patch(Actor actor, GroupId id, Edit<String> displayName, Edit<String> description) {
        return patch(actor, id, displayName, description, RuleEdit.NONE);
    }

    public Outcome<Group> patch(
            Actor actor, GroupId id, Edit<String> displayName, Edit<String> description, RuleEdit rule) {
        return ledger.change(actor, change -> patch(change, found(change, id), displayName, description, rule));
    }

    static Group patch(Change change, Group old, Edit<String> displayName, Edit<String> description) {
        return patch(change, old, displayName, description, RuleEdit.NONE);
    }

    private static Group patch(
            Change change, Group old, Edit<String> displayName, Edit<String> description, RuleEdit rule) {
        SyncOwned.keep(change, old);
        var group = new Group(
                old.tenant(),
                old.id(),
                displayName.or(old.displayName()),
                description.orKeep(old.description()),
                old.created(),
                GroupRules.changed(change, old.id(), old.rule(), rule));
        check(group);
        change.stores().groups().update(group);
        GroupRules.written(change, old.id(), old.rule(), group.rule());
        change.note(Activity.UPDATE_GROUP, group.id(), group.displayName(), Differences.between(old, group), Map.of());
        return group;
    }

    private static Map<String, String> told(Group group) {
        return group.rule().map(rule -> Map.of("rule", rule.text())).orElse(Map.of());
    }

    public Outcome<Group> delete(Actor actor, GroupId id) {
        return ledger.change(actor, change -> delete(change, found(change, id)));
    }

    static Group delete(Change change, Group group) {
        SyncOwned.keep(change, group);
        change.stores().groups().delete(change.tenant(), group.id());
        change.note(Activity.DELETE_GROUP, group.id(), group.displayName());
        return group;
    }

    public Outcome<Group> addMember(Actor actor, GroupId id, UserId member) {
        return ledger.change(actor, change -> {
            Group group = found(change, id);
            User user = change.stores()
                    .users()
                    .find(change.tenant(), member)
                    .orElseThrow(() -> Rejected.invalid("@odata.id", "there is no user '" + member + "'"));
            if (!addMember(change, group, user)) {
                throw Rejected.conflict(
                        "'" + user.userPrincipalName() + "' is a member of '" + group.displayName() + "' already");
            }
            return group;
        });
    }

    /// @throws Rejected when a rule or another directory finds the members
    static void joinable(Change change, Group group) {
        SyncOwned.keep(change, group);
        GroupRules.refuseByHand(group);
    }

    /// Whether neither a rule nor another directory finds the members; false for a group that is gone.
    static boolean isByHand(Change change, GroupId id) {
        return change.stores()
                        .groups()
                        .find(change.tenant(), id)
                        .filter(group -> group.rule().isEmpty())
                        .isPresent()
                && change.stores().sync().ofTarget(change.tenant(), id.value()).isEmpty();
    }

    /// @return false when he was one already
    static boolean addMember(Change change, Group group, User user) {
        joinable(change, group);
        boolean added = change.stores().groups().addMember(change.tenant(), group.id(), user.id());
        if (added) {
            change.note(
                    Activity.ADD_MEMBER, group.id(), group.displayName(), Map.of("member", user.userPrincipalName()));
        }
        return added;
    }

    public Outcome<Group> removeMember(Actor actor, GroupId id, UserId member) {
        return ledger.change(actor, change -> {
            Group group = found(change, id);
            if (!removeMember(change, group, member)) {
                throw Rejected.notFound("member of '" + group.displayName() + "'", member);
            }
            return group;
        });
    }

    /// Of a user or of another group.
    ///
    /// @param member id of either
    public Outcome<Group> add(Actor actor, GroupId id, String member) {
        Optional<Group> nested = ledger.read(stores -> stores.groups().find(actor.tenant(), new GroupId(member)));
        if (nested.isEmpty()) {
            return addMember(actor, id, new UserId(member));
        }
        return ledger.change(actor, change -> {
            Group group = byHand(change, id);
            Nestings.add(change, group, found(change, nested.get().id()));
            return group;
        });
    }

    /// A user or another group.
    ///
    /// @param member id of either
    public Outcome<Group> remove(Actor actor, GroupId id, String member) {
        boolean nested = ledger.read(stores -> stores.nestings().members(actor.tenant(), id))
                .contains(new GroupId(member));
        if (!nested) {
            return removeMember(actor, id, new UserId(member));
        }
        return ledger.change(actor, change -> {
            Group group = byHand(change, id);
            if (!Nestings.remove(change, group, new GroupId(member))) {
                throw Rejected.notFound("member of '" + group.displayName() + "'", member);
            }
            return group;
        });
    }

    private static Group byHand(Change change, GroupId id) {
        Group group = found(change, id);
        SyncOwned.keep(change, group);
        GroupRules.refuseByHand(group);
        return group;
    }

    /// @return false when he was none
    static boolean removeMember(Change change, Group group, UserId member) {
        joinable(change, group);
        boolean removed = change.stores().groups().removeMember(change.tenant(), group.id(), member);
        if (removed) {
            AccessRequests.left(change, group.id(), member);
            change.note(Activity.REMOVE_MEMBER, group.id(), group.displayName(), Map.of("member", member.value()));
        }
        return removed;
    }

    static Group found(Change change, GroupId id) {
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
