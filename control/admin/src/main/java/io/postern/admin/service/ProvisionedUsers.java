package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.base.Outcome;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.directory.Attributes;
import io.postern.store.Group;
import io.postern.store.ProvisioningStore.Anchor;
import io.postern.store.ProvisioningStore.Client;
import io.postern.store.ProvisioningStore.Kind;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// People as a provisioning client has them. It reads everybody of its tenant and may change everybody but
/// those who hold a role of administration: whoever has its token would be mightier than any administrator else
/// (SCIM-3).
public final class ProvisionedUsers {
    private static final int PAGE = 500;

    /// A user, and what the client knows of him.
    ///
    /// @param manager name of the user who is his manager
    public record Held(User user, Anchor anchor, List<Group> groups, Optional<String> manager) {}

    /// What is to become of a user.
    public record Wanted(UserDraft draft, Anchor anchor) {}

    /// Some of all who were looked for.
    public record Found(long total, List<Held> page) {}

    private final Ledger ledger;
    private final Accounts accounts;

    public ProvisionedUsers(Ledger ledger, Accounts accounts) {
        this.ledger = ledger;
        this.accounts = accounts;
    }

    public Outcome<Held> find(Client client, UserId id) {
        return ledger.look(stores -> held(stores, client, user(stores, client, id)));
    }

    public Optional<Held> byName(Client client, String userPrincipalName) {
        return ledger.read(stores -> stores.users()
                .findByPrincipalName(userPrincipalName)
                .filter(user -> user.tenant().equals(client.tenant()))
                .map(user -> held(stores, client, user)));
    }

    public Optional<Held> byExternalId(Client client, String externalId) {
        return ledger.read(stores -> stores.provisioning()
                .byExternalId(client, Kind.USER, externalId)
                .flatMap(id -> stores.users().find(client.tenant(), new UserId(id)))
                .map(user -> held(stores, client, user)));
    }

    /// In the order of their names, from the `skip`th on.
    public Found page(Client client, long skip, int limit) {
        return ledger.read(stores -> new Found(
                stores.users().count(client.tenant()),
                limit == 0
                        ? List.of()
                        : stores.users().page(client.tenant(), skip, limit).stream()
                                .map(user -> held(stores, client, user))
                                .toList()));
    }

    /// Everybody who is wanted, in the order of their names.
    ///
    /// @param withGroups whether groups and manager matter; without, those looked at have none
    public List<Held> all(Client client, boolean withGroups, Predicate<Held> wanted) {
        return ledger.read(stores -> {
            Map<String, Anchor> anchors = stores.provisioning().anchors(client, Kind.USER);
            var found = new ArrayList<Held>();
            String after = "";
            while (true) {
                List<User> page = stores.users().list(client.tenant(), after, PAGE);
                page.stream()
                        .map(user -> withGroups
                                ? held(stores, client, user)
                                : new Held(
                                        user,
                                        anchors.getOrDefault(user.id().value(), Anchor.NONE),
                                        List.of(),
                                        Optional.empty()))
                        .filter(wanted)
                        .forEach(found::add);
                if (page.size() < PAGE) {
                    return found;
                }
                after = page.getLast().userPrincipalName();
            }
        });
    }

    /// The same with their groups.
    public List<Held> complete(Client client, List<Held> some) {
        return ledger.read(stores ->
                some.stream().map(one -> held(stores, client, one.user())).toList());
    }

    /// @throws io.postern.account.PasswordHash.Busy when too many passwords are computed at once
    public Outcome<Held> create(Actor actor, Client client, Wanted wanted) {
        var faults = new ArrayList<Outcome.Violation>();
        Users.lengths(wanted.draft(), faults);
        if (!faults.isEmpty()) {
            return new Outcome.Invalid<>(faults);
        }
        Outcome<Accounts.Prepared> prepared = ledger.look(stores -> Map.entry(
                        stores.tenants()
                                .find(client.tenant())
                                .orElseThrow(() -> Rejected.notFound("tenant", client.tenant())),
                        Users.account(
                                wanted.draft(),
                                Users.attributes(stores, client.tenant(), Attributes.NONE, wanted.draft()))))
                .then(ready -> prepare(ready.getKey(), ready.getValue()));
        return prepared.then(user -> ledger.changeInTurn(actor, change -> {
            User written = user.write(change.stores(), actor.account());
            change.stores().provisioning().put(client, Kind.USER, written.id().value(), wanted.anchor());
            return held(change.stores(), client, written);
        }));
    }

    private Outcome<Accounts.Prepared> prepare(Tenant home, Accounts.Draft draft) {
        return accounts.prepare(home, draft);
    }

    /// @param edit what is to become of him; asked twice when it sets a password, which takes a while to
    /// compute, and
    ///     again whenever the database asks for a retry
    /// @throws io.postern.account.PasswordHash.Busy when too many passwords are computed at once
    public Outcome<Held> change(Actor actor, Client client, UserId id, Function<Held, Wanted> edit) {
        return find(client, id).then(before -> {
            Optional<Accounts.NewPassword> password =
                    edit.apply(before).draft().password().value().map(given -> accounts.compute(given, false));
            return ledger.changeInTurn(actor, change -> {
                Held old = held(change.stores(), client, user(change.stores(), client, id));
                Wanted wanted = edit.apply(old);
                refuseAdministrator(change, old.user());
                if (password.isPresent()) {
                    SyncPasswords.keep(change, old.user());
                }
                User known = password.map(
                                p -> p.write(change.stores(), old.user(), actor.account(), Users.seconds(change)))
                        .orElse(old.user());
                User written = Users.write(change, known, Users.changed(change, known, wanted.draft()));
                if (!wanted.anchor().equals(old.anchor())) {
                    change.stores().provisioning().put(client, Kind.USER, id.value(), wanted.anchor());
                }
                return held(change.stores(), client, written);
            });
        });
    }

    /// @param condition looked at first; ends it by an exception
    public Outcome<User> delete(Actor actor, Client client, UserId id, Consumer<Held> condition) {
        return ledger.changeInTurn(actor, change -> {
            Held held = held(change.stores(), client, user(change.stores(), client, id));
            condition.accept(held);
            refuseAdministrator(change, held.user());
            return Users.putAside(change, held.user());
        });
    }

    private static void refuseAdministrator(Change change, User user) {
        Set<AdminRole> held =
                Authority.roles(change.stores(), change.tenant(), user.id().value());
        if (!held.isEmpty()) {
            throw Rejected.forbidden("'" + user.userPrincipalName() + "' is an administrator ("
                    + held.iterator().next().displayName()
                    + "); provisioning does not change administrators, so a person must do this");
        }
    }

    private static User user(Stores stores, Client client, UserId id) {
        return stores.users().find(client.tenant(), id).orElseThrow(() -> Rejected.notFound("user", id));
    }

    private static Held held(Stores stores, Client client, User user) {
        return new Held(
                user,
                stores.provisioning().anchor(client, Kind.USER, user.id().value()),
                stores.groups().groupsOf(client.tenant(), user.id()).stream()
                        .flatMap(id -> stores.groups().find(client.tenant(), id).stream())
                        .toList(),
                user.attributes()
                        .first(Attributes.MANAGER)
                        .flatMap(id -> stores.users().find(client.tenant(), new UserId(id)))
                        .map(User::displayName));
    }
}
