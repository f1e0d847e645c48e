package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.UserId;
import io.postern.store.Group;
import io.postern.store.GroupStore;
import io.postern.store.ProvisioningStore.Anchor;
import io.postern.store.ProvisioningStore.Client;
import io.postern.store.ProvisioningStore.Kind;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Groups as a provisioning client has them: everybody's groups of its tenant. Members are only read where they are
/// asked for: a group may have fifty thousand.
public final class ProvisionedGroups {
    private static final int PAGE = 500;

    /// A group, and what the client knows of it.
    ///
    /// @param members empty: not read
    public record Held(Group group, Anchor anchor, Optional<Members> members) {}

    /// Direct ones.
    public record Members(List<User> users, List<Group> groups) {}

    /// What is to become of the members, one step after the other.
    public sealed interface Step {
        /// @param ids of users and groups
        record Join(List<String> ids) implements Step {}

        record Leave(List<String> ids) implements Step {}

        /// These and nobody else.
        record Exactly(List<String> ids) implements Step {}

        /// Whoever satisfies it.
        record LeaveIf(Predicate<User> who, Predicate<Group> which) implements Step {}
    }

    /// What is to become of a group.
    ///
    /// @param displayName as it is, where it stays
    public record Wanted(String displayName, Anchor anchor, List<Step> members) {}

    private final Ledger ledger;

    public ProvisionedGroups(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<Held> find(Client client, GroupId id, boolean withMembers) {
        return ledger.look(stores -> held(stores, client, group(stores, client, id), withMembers));
    }

    public Optional<Held> byExternalId(Client client, String externalId, boolean withMembers) {
        return ledger.read(stores -> stores.provisioning()
                .byExternalId(client, Kind.GROUP, externalId)
                .flatMap(id -> stores.groups().find(client.tenant(), new GroupId(id)))
                .map(group -> held(stores, client, group, withMembers)));
    }

    /// All that are wanted, in the order of their names.
    ///
    /// @param withMembers whether members matter
    public List<Held> all(Client client, boolean withMembers, Predicate<Held> wanted) {
        return ledger.read(stores -> {
            Map<String, Anchor> anchors = stores.provisioning().anchors(client, Kind.GROUP);
            var found = new ArrayList<Held>();
            GroupStore.Position after = GroupStore.Position.START;
            while (true) {
                List<Group> page = stores.groups().list(client.tenant(), after, PAGE);
                page.stream()
                        .map(group -> withMembers
                                ? held(stores, client, group, true)
                                : new Held(
                                        group, anchors.getOrDefault(group.id().value(), Anchor.NONE), Optional.empty()))
                        .filter(wanted)
                        .forEach(found::add);
                if (page.size() < PAGE) {
                    return found;
                }
                after = new GroupStore.Position(
                        page.getLast().displayName(), page.getLast().id().value());
            }
        });
    }

    /// The same with their members.
    public List<Held> complete(Client client, List<Held> some) {
        return ledger.read(stores -> some.stream()
                .map(one -> held(stores, client, one.group(), true))
                .toList());
    }

    public Outcome<Held> create(Actor actor, Client client, Wanted wanted) {
        return ledger.changeInTurn(actor, change -> {
            Group group = Groups.create(change, wanted.displayName(), Optional.empty());
            change.stores().provisioning().put(client, Kind.GROUP, group.id().value(), wanted.anchor());
            wanted.members().forEach(step -> take(change, group, step));
            return held(change.stores(), client, group, true);
        });
    }

    /// @param withMembers whether `edit` and the caller need the members
    /// @param edit what is to become of it; asked again whenever the database asks for a retry
    public Outcome<Held> change(
            Actor actor, Client client, GroupId id, boolean withMembers, Function<Held, Wanted> edit) {
        return ledger.changeInTurn(actor, change -> {
            Held old = held(change.stores(), client, group(change.stores(), client, id), withMembers);
            Wanted wanted = edit.apply(old);
            Group group = wanted.displayName().equals(old.group().displayName())
                    ? old.group()
                    : Groups.patch(change, old.group(), Edit.to(wanted.displayName()), Edit.none());
            if (!wanted.anchor().equals(old.anchor())) {
                change.stores().provisioning().put(client, Kind.GROUP, id.value(), wanted.anchor());
            }
            wanted.members().forEach(step -> take(change, group, step));
            return held(change.stores(), client, group, withMembers);
        });
    }

    /// @param condition looked at first; ends it by an exception
    public Outcome<Group> delete(
            Actor actor, Client client, GroupId id, boolean withMembers, Consumer<Held> condition) {
        return ledger.changeInTurn(actor, change -> {
            Held held = held(change.stores(), client, group(change.stores(), client, id), withMembers);
            condition.accept(held);
            return Groups.delete(change, held.group());
        });
    }

    /// Who is in already joins again without effect, and who is not leaves so.
    private static void take(Change change, Group group, Step step) {
        switch (step) {
            case Step.Join(List<String> ids) -> ids.forEach(id -> join(change, group, id));
            case Step.Leave(List<String> ids) -> ids.forEach(id -> leave(change, group, id));
            case Step.Exactly(List<String> ids) -> {
                var wanted = new HashSet<>(ids);
                for (String member : memberIds(change.stores(), group)) {
                    if (!wanted.remove(member)) {
                        leave(change, group, member);
                    }
                }
                ids.stream().filter(wanted::contains).distinct().forEach(id -> join(change, group, id));
            }
            case Step.LeaveIf(Predicate<User> who, Predicate<Group> which) -> {
                Members members = members(change.stores(), group);
                members.users().stream().filter(who).forEach(user -> Groups.removeMember(change, group, user.id()));
                members.groups().stream()
                        .filter(which)
                        .forEach(member -> leave(change, group, member.id().value()));
            }
        }
    }

    private static List<String> memberIds(Stores stores, Group group) {
        return Stream.concat(
                        stores.groups().members(group.tenant(), group.id()).stream()
                                .map(UserId::value),
                        stores.nestings().members(group.tenant(), group.id()).stream()
                                .map(GroupId::value))
                .toList();
    }

    private static void leave(Change change, Group group, String id) {
        if (Groups.removeMember(change, group, new UserId(id))) {
            return;
        }
        Nestings.remove(change, group, new GroupId(id));
    }

    private static void join(Change change, Group group, String id) {
        Optional<User> user = change.stores().users().find(change.tenant(), new UserId(id));
        if (user.isPresent()) {
            Groups.addMember(change, group, user.get());
            return;
        }
        Group member = change.stores()
                .groups()
                .find(change.tenant(), new GroupId(id))
                .orElseThrow(
                        () -> Rejected.invalid("members", "there is no user or group '" + id + "' to be a member"));
        Groups.joinable(change, group);
        if (!change.stores().nestings().members(change.tenant(), group.id()).contains(member.id())) {
            Nestings.add(change, group, member);
        }
    }

    private static Group group(Stores stores, Client client, GroupId id) {
        return stores.groups().find(client.tenant(), id).orElseThrow(() -> Rejected.notFound("group", id));
    }

    private static Held held(Stores stores, Client client, Group group, boolean withMembers) {
        return new Held(
                group,
                stores.provisioning().anchor(client, Kind.GROUP, group.id().value()),
                withMembers ? Optional.of(members(stores, group)) : Optional.empty());
    }

    private static Members members(Stores stores, Group group) {
        return new Members(
                stores.groups().members(group.tenant(), group.id()).stream()
                        .flatMap(user -> stores.users().find(group.tenant(), user).stream())
                        .toList(),
                stores.nestings().members(group.tenant(), group.id()).stream()
                        .flatMap(member -> stores.groups().find(group.tenant(), member).stream())
                        .toList());
    }
}
