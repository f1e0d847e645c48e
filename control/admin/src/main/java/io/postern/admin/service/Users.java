package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.account.PasswordRules;
import io.postern.account.UserName;
import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.directory.Attributes;
import io.postern.store.AuditEntry;
import io.postern.store.Group;
import io.postern.store.ProvisioningStore;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// People of a tenant. Names, passwords and what voids a sign-in are [Accounts]' business; here is what
/// an administrator may do with them.
public final class Users {
    private static final int PAGE = 500;

    private final Ledger ledger;
    private final Accounts accounts;

    public Users(Ledger ledger, Accounts accounts) {
        this.ledger = ledger;
        this.accounts = accounts;
    }

    /// Users after `after` in the order of their principal names that satisfy the filter, at most `limit`.
    public List<User> list(TenantId tenant, String after, Predicate<User> filter, int limit) {
        return ledger.read(stores -> {
            var found = new ArrayList<User>();
            String from = after;
            while (found.size() < limit) {
                List<User> page = stores.users().list(tenant, from, PAGE);
                page.stream().filter(filter).limit(limit - (long) found.size()).forEach(found::add);
                if (page.size() < PAGE) {
                    break;
                }
                from = page.getLast().userPrincipalName();
            }
            return found;
        });
    }

    public Outcome<User> find(TenantId tenant, String idOrName) {
        return ledger.look(stores -> {
            Optional<User> user = idOrName.indexOf('@') >= 0
                    ? stores.users()
                            .findByPrincipalName(idOrName)
                            .filter(u -> u.tenant().equals(tenant))
                    : id(idOrName).flatMap(id -> stores.users().find(tenant, id));
            return user.orElseThrow(() -> Rejected.notFound("user", idOrName));
        });
    }

    public Outcome<List<Group>> groupsOf(TenantId tenant, UserId user) {
        return ledger.look(stores -> {
            Rejected.unless(stores.users().find(tenant, user), "user", user);
            return stores.groups().groupsOf(tenant, user).stream()
                    .flatMap(id -> stores.groups().find(tenant, id).stream())
                    .toList();
        });
    }

    /// @throws io.postern.account.PasswordHash.Busy when too many passwords are computed at once
    public Outcome<User> create(Actor actor, UserDraft draft) {
        var missing = new ArrayList<Outcome.Violation>();
        require(draft.userPrincipalName(), "userPrincipalName", missing);
        require(draft.displayName(), "displayName", missing);
        require(draft.password(), "passwordProfile", missing);
        lengths(draft, missing);
        if (!missing.isEmpty()) {
            return new Outcome.Invalid<>(missing);
        }
        return ledger.look(stores -> {
                    Attributes wanted = attributes(stores, actor.tenant(), Attributes.NONE, draft);
                    Set<Action> abilities =
                            AdminRole.actions(Authority.roles(stores, actor.tenant(), actor.principal()));
                    if (!actor.isService()
                            && !abilities.contains(Action.USERS_WRITE)
                            && !wanted.userType().equals(Attributes.GUEST)) {
                        throw Rejected.forbidden("'" + actor.name() + "' may add guests only; give userType Guest");
                    }
                    if (!actor.isService() && !abilities.contains(Action.USERS_WRITE)) {
                        GuestPolicies.permitted(stores, actor);
                    }
                    return wanted;
                })
                .then(known -> accounts.create(actor.tenant(), account(draft, known), actor.account()));
    }

    static Accounts.Draft account(UserDraft draft, Attributes attributes) {
        return new Accounts.Draft(
                draft.userPrincipalName().or(""),
                draft.displayName().or(""),
                draft.givenName().value(),
                draft.surname().value(),
                draft.mail().value(),
                draft.accountEnabled().or(true),
                draft.password().value(),
                draft.forceChangePassword().or(false),
                false,
                attributes);
    }

    static Attributes attributes(Stores stores, TenantId tenant, Attributes before, UserDraft draft) {
        Attributes after = before;
        var faults = new ArrayList<Outcome.Violation>();
        for (Map.Entry<String, Edit<String>> edit : draft.attributes().entrySet()) {
            try {
                after = after.with(edit.getKey(), edit.getValue().value());
            } catch (IllegalArgumentException e) {
                faults.add(new Outcome.Violation(edit.getKey(), String.valueOf(e.getMessage())));
            }
        }
        for (Map.Entry<String, Edit<List<String>>> edit : draft.lists().entrySet()) {
            try {
                after = after.withAll(edit.getKey(), edit.getValue().or(List.of()));
            } catch (IllegalArgumentException e) {
                faults.add(new Outcome.Violation(edit.getKey(), String.valueOf(e.getMessage())));
            }
        }
        Optional<String> manager = after.first(Attributes.MANAGER);
        if (!manager.equals(before.first(Attributes.MANAGER))
                && manager.isPresent()
                && manager.flatMap(Users::id)
                        .flatMap(id -> stores.users().find(tenant, id))
                        .isEmpty()) {
            faults.add(new Outcome.Violation(
                    Attributes.MANAGER, "manager must be the id of a user; there is none '" + manager.get() + "'"));
        }
        if (!faults.isEmpty()) {
            throw Rejected.invalid(faults);
        }
        return after;
    }

    /// Everything in one transaction: who gets a new password and another name gets both or keeps both.
    ///
    /// @throws io.postern.account.PasswordHash.Busy when too many passwords are computed at once
    public Outcome<User> patch(Actor actor, UserId id, UserDraft draft) {
        Optional<Accounts.NewPassword> password = draft.password()
                .value()
                .map(given ->
                        accounts.compute(given, draft.forceChangePassword().or(false)));
        return ledger.change(actor, change -> {
            User old = allowed(change, id, draft);
            User known = password.map(p -> p.write(change.stores(), old, actor.account(), seconds(change)))
                    .orElse(old);
            return write(change, known, changed(change, known, draft));
        });
    }

    private static User allowed(Change change, UserId id, UserDraft draft) {
        User user = found(change, id);
        if (draft.password().given()) {
            Authority.overUser(change, Action.PASSWORD_RESET, user);
            SyncPasswords.keep(change, user);
        }
        if (draft.changesPerson()) {
            Authority.overUser(change, Action.USERS_WRITE, user);
            SyncOwned.keep(change, user, draft);
        }
        return user;
    }

    /// @throws Rejected with everything that is wrong with what is asked for
    static User changed(Change change, User old, UserDraft draft) {
        var user = new User(
                old.tenant(),
                old.id(),
                draft.userPrincipalName()
                        .value()
                        .map(name -> checkedName(change, name))
                        .orElse(old.userPrincipalName()),
                draft.displayName().or(old.displayName()).strip(),
                draft.givenName().orKeep(old.givenName()),
                draft.surname().orKeep(old.surname()),
                draft.mail().orKeep(old.mail()),
                draft.accountEnabled().or(old.accountEnabled()),
                old.passwordHash(),
                old.forceChangePassword(),
                old.sessionsValidFrom(),
                old.created(),
                attributes(change.stores(), change.tenant(), old.attributes(), draft));
        var faults = new ArrayList<Outcome.Violation>();
        lengths(draft, faults);
        draft.password()
                .value()
                .flatMap(p -> PasswordRules.fault(p.reveal(), Accounts.names(change.stores(), user)))
                .ifPresent(fault -> faults.add(new Outcome.Violation("passwordProfile.password", fault)));
        if (!faults.isEmpty()) {
            throw Rejected.invalid(faults);
        }
        return user;
    }

    /// Writes what is new of a user, and takes his access away where that is what is new.
    static User write(Change change, User old, User user) {
        if (user.equals(old)) {
            return old;
        }
        if (old.accountEnabled() && !user.accountEnabled()) {
            LastAdministrator.keep(change, old);
        }
        if (!old.accountEnabled() && user.accountEnabled()) {
            GuestAccess.keepOut(change, user);
        }
        change.stores().users().update(user);
        Instant now = seconds(change);
        if (old.accountEnabled() && !user.accountEnabled()) {
            Accounts.cutOff(change.stores(), change.tenant(), user.id(), now);
        } else if (!old.accountEnabled() && user.accountEnabled()) {
            Accounts.letIn(change.stores(), change.tenant(), user.id(), now);
        }
        List<AuditEntry.Modified> differences = Differences.between(old, user);
        var details = Map.of("accountEnabled", Boolean.toString(user.accountEnabled()));
        if (old.accountEnabled()
                == user.accountEnabled()) { // gateways know users by their ids, and nothing else of them
            change.noteUnseen(Activity.UPDATE_USER, user.id(), user.userPrincipalName(), differences, details);
        } else {
            change.note(Activity.UPDATE_USER, user.id(), user.userPrincipalName(), differences, details);
        }
        return user;
    }

    public Outcome<User> revokeSessions(Actor actor, UserId id) {
        return ledger.change(actor, change -> {
            User user = found(change, id);
            Authority.overUser(change, Action.SESSIONS_REVOKE, user);
            Accounts.voidProofs(change.stores(), change.tenant(), id, seconds(change));
            change.note(Activity.REVOKE_SESSIONS, id, user.userPrincipalName());
            return user;
        });
    }

    public Outcome<User> delete(Actor actor, UserId id) {
        return ledger.change(actor, change -> {
            User user = found(change, id);
            Authority.overUser(change, Action.USERS_WRITE, user);
            return delete(change, user);
        });
    }

    static User delete(Change change, User user) {
        SyncOwned.keep(change, user);
        LastAdministrator.keep(change, user);
        Accounts.cutOff(change.stores(), change.tenant(), user.id(), seconds(change));
        change.stores().users().delete(change.tenant(), user.id());
        change.note(Activity.DELETE_USER, user.id(), user.userPrincipalName());
        return user;
    }

    /// As [#delete], but that he can come back for thirty days.
    static User putAside(Change change, User user) {
        SyncOwned.keep(change, user);
        LastAdministrator.keep(change, user);
        Accounts.cutOff(change.stores(), change.tenant(), user.id(), seconds(change));
        change.stores()
                .provisioning()
                .forget(change.tenant(), ProvisioningStore.Kind.USER, user.id().value());
        change.stores().users().putAside(change.tenant(), user.id(), change.now());
        change.note(Activity.DELETE_USER, user.id(), user.userPrincipalName(), Map.of("restorable", "true"));
        return user;
    }

    private static String checkedName(Change change, String typed) {
        String domain = change.found(change.stores().tenants().find(change.tenant()), "tenant", change.tenant())
                .domain();
        return UserName.read(typed)
                .filter(name -> name.domain().equalsIgnoreCase(domain))
                .orElseThrow(() -> Rejected.invalid(
                        "userPrincipalName",
                        "userPrincipalName '" + typed + "' is not a user name such as b.simon@" + domain))
                .value();
    }

    private static void require(Edit<?> field, String name, List<Outcome.Violation> faults) {
        if (field.value().isEmpty()) {
            faults.add(new Outcome.Violation(name, name + " is missing"));
        }
    }

    static void lengths(UserDraft draft, List<Outcome.Violation> faults) {
        length("displayName", draft.displayName(), faults);
        length("givenName", draft.givenName(), faults);
        length("surname", draft.surname(), faults);
        length("mail", draft.mail(), faults);
    }

    private static void length(String name, Edit<String> field, List<Outcome.Violation> faults) {
        if (field.value().filter(t -> t.isBlank() || t.length() > 256).isPresent()) {
            faults.add(new Outcome.Violation(name, name + " must have 1 to 256 characters"));
        }
    }

    static User found(Change change, UserId id) {
        return change.found(change.stores().users().find(change.tenant(), id), "user", id);
    }

    /// Whole seconds, as [Accounts] counts: tokens tell the time of sign-in in seconds.
    static Instant seconds(Change change) {
        return change.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static Optional<UserId> id(String text) {
        try {
            return Optional.of(new UserId(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
