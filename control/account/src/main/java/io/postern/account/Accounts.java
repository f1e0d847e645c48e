package io.postern.account;

import io.postern.account.onpremises.PasswordPlace;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.store.DuplicateKey;
import io.postern.store.RevocationStore;
import io.postern.store.RoleStore;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Creates users, sets passwords, and takes access back when either changes. Blocking. Each method is
/// one transaction; hashing happens before it begins.
public final class Accounts {
    /// Longest life of any proof that a sign-in gave (session 24 h, token 90 min), with room for skew.
    public static final Duration PROOF_LIFETIME_MAX = Duration.ofHours(26);

    /// A user to be made.
    ///
    /// @param password empty: the user cannot sign in with a password
    /// @param administrator whether the user becomes Global Administrator
    public record Draft(
            String userPrincipalName,
            String displayName,
            Optional<String> givenName,
            Optional<String> surname,
            Optional<String> mail,
            boolean accountEnabled,
            Optional<Secret> password,
            boolean forceChangePassword,
            boolean administrator,
            Attributes attributes) {

        public static Draft of(String userPrincipalName, String displayName, Secret password) {
            return new Draft(
                    userPrincipalName,
                    displayName,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    Optional.of(password),
                    false,
                    false,
                    Attributes.NONE);
        }

        public Draft asAdministrator() {
            return new Draft(
                    userPrincipalName,
                    displayName,
                    givenName,
                    surname,
                    mail,
                    accountEnabled,
                    password,
                    forceChangePassword,
                    true,
                    attributes);
        }

        /// The password is to be changed at the first sign-in.
        public Draft toBeChanged() {
            return new Draft(
                    userPrincipalName,
                    displayName,
                    givenName,
                    surname,
                    mail,
                    accountEnabled,
                    password,
                    true,
                    administrator,
                    attributes);
        }
    }

    private final Store store;
    private final PasswordHash hashes;
    private final Clock clock;

    public Accounts(Store store, PasswordHash hashes, Clock clock) {
        this.store = store;
        this.hashes = hashes;
        this.clock = clock;
    }

    /// What users prove themselves with beside the password.
    public Methods methods() {
        return new Methods(store, hashes, clock);
    }

    /// @throws PasswordHash.Busy when too many passwords are computed at once
    public Outcome<User> create(TenantId tenant, Draft draft, Actor actor) {
        Optional<Tenant> home = store.read(s -> s.tenants().find(tenant));
        if (home.isEmpty()) {
            return new Outcome.NotFound<>("tenant " + tenant);
        }
        return prepare(home.get(), draft).then(prepared -> {
            try {
                store.write(s -> prepared.write(s, actor));
                return Outcome.done(prepared.user());
            } catch (DuplicateKey e) {
                return new Outcome.Conflict<>(
                        "A user named " + prepared.user().userPrincipalName() + " exists already.");
            }
        });
    }

    /// A user who was looked at and whose password is computed: what is left belongs in a transaction.
    public record Prepared(User user, boolean administrator) {
        /// @throws DuplicateKey when there is a user of this name
        public User write(Stores s, Actor actor) {
            s.users().insert(user);
            if (user.passwordHash().isPresent()) {
                Methods.passwordSet(s, user.tenant(), user.id(), user.created());
            }
            if (administrator) {
                s.roles().grant(user.tenant(), user.id().value(), RoleStore.GLOBAL_ADMINISTRATOR);
                s.changes().bump(); // who is new and no administrator is in no snapshot yet
            }
            s.audit().append(actor.did("Add user", user, user.created()));
            return user;
        }
    }

    /// @param home need not be stored yet
    /// @throws PasswordHash.Busy when too many passwords are computed at once
    public Outcome<Prepared> prepare(Tenant home, Draft draft) {
        List<Outcome.Violation> violations = violations(draft, home);
        if (!violations.isEmpty()) {
            return new Outcome.Invalid<>(violations);
        }
        Instant now = now();
        var user = new User(
                home.id(),
                UserId.random(),
                UserName.read(draft.userPrincipalName()).orElseThrow().value(),
                draft.displayName().strip(),
                draft.givenName(),
                draft.surname(),
                draft.mail(),
                draft.accountEnabled(),
                draft.password().map(hashes::hash),
                draft.forceChangePassword(),
                now,
                now,
                draft.attributes());
        return Outcome.done(new Prepared(user, draft.administrator()));
    }

    /// Sets the password and makes every earlier sign-in of the user void.
    ///
    /// @throws PasswordHash.Busy when too many passwords are computed at once
    public Outcome<User> setPassword(
            TenantId tenant, UserId id, Secret password, boolean forceChangePassword, Actor actor) {
        Optional<User> known = store.read(s -> s.users().find(tenant, id));
        if (known.isEmpty()) {
            return new Outcome.NotFound<>("user " + id);
        }
        if (store.read(s -> PasswordPlace.of(s, known.get())).isPresent()) {
            return Outcome.invalid("passwordProfile.password", PasswordPlace.REFUSAL);
        }
        Optional<String> fault = PasswordRules.fault(password.reveal(), names(known.get()));
        if (fault.isPresent()) {
            return Outcome.invalid("passwordProfile.password", fault.get());
        }
        NewPassword computed = compute(password, forceChangePassword);
        Instant now = now();
        return store.write(s -> s.users()
                .find(tenant, id)
                .map(before -> Outcome.done(computed.write(s, before, actor, now)))
                .orElseGet(() -> new Outcome.NotFound<>("user " + id)));
    }

    /// A password that is computed: what is left belongs in a transaction.
    public record NewPassword(String hash, boolean forceChange) {
        /// Sets it and makes every earlier sign-in of the user void.
        ///
        /// @param now whole seconds
        /// @return the user as stored then
        public User write(Stores s, User before, Actor actor, Instant now) {
            User after = withPassword(before, hash, forceChange);
            s.users().update(after);
            Methods.passwordSet(s, after.tenant(), after.id(), now);
            s.signInAttempts().clear(after.userPrincipalName());
            voidProofs(s, after.tenant(), after.id(), now);
            boolean own = actor.id().equals(after.id().value());
            s.audit().append(actor.did(own ? "Change user password" : "Reset user password", after, now));
            return s.users().find(after.tenant(), after.id()).orElse(after);
        }
    }

    /// Takes a while. The rules of passwords are not asked: whoever writes it does, with [#names].
    ///
    /// @throws PasswordHash.Busy when too many passwords are computed at once
    public NewPassword compute(Secret password, boolean forceChange) {
        return new NewPassword(hashes.hash(password), forceChange);
    }

    /// Ends every session of the user and makes every proof given before `now` void at every gateway
    /// (CAE-1, CAE-4). Call it in the transaction of the change that causes it.
    public static void voidProofs(Stores stores, TenantId tenant, UserId user, Instant now) {
        // each by itself too: times are told in seconds, and one may have begun in this very second
        Sessions.endAll(stores, tenant, user, now, "revoked");
        stores.users().find(tenant, user).ifPresent(found -> stores.users().update(found.withSessionsValidFrom(now)));
        stores.revocations()
                .userNotBefore(new RevocationStore.UserNotBefore(tenant, user, now, now.plus(PROOF_LIFETIME_MAX)));
        stores.changes().bump();
    }

    /// After a user was disabled or deleted: nothing of the account is valid any more.
    public static void cutOff(Stores stores, TenantId tenant, UserId user, Instant now) {
        voidProofs(stores, tenant, user, now);
        stores.revocations()
                .userNotBefore(new RevocationStore.UserNotBefore(
                        tenant, user, RevocationStore.FOREVER, RevocationStore.FOREVER));
    }

    /// After a disabled user was enabled again: new sign-ins count, old ones stay void.
    public static void letIn(Stores stores, TenantId tenant, UserId user, Instant now) {
        stores.revocations().liftUser(tenant, user);
        voidProofs(stores, tenant, user, now);
    }

    /// What the user's password must not be made of: his names and his organisation's.
    public List<String> names(User user) {
        return store.read(s -> names(s, user));
    }

    public static List<String> names(Stores s, User user) {
        Optional<Tenant> home = s.tenants().find(user.tenant());
        return Stream.concat(
                        Stream.of(user.userPrincipalName(), user.displayName()),
                        home.stream().flatMap(t -> Stream.of(t.name(), t.displayName())))
                .toList();
    }

    private static List<Outcome.Violation> violations(Draft draft, Tenant home) {
        var violations = new ArrayList<Outcome.Violation>();
        Optional<UserName> name = UserName.read(draft.userPrincipalName());
        if (name.isEmpty()) {
            violations.add(new Outcome.Violation(
                    "userPrincipalName",
                    "'" + draft.userPrincipalName() + "' is not a user name such as b.simon@" + home.domain() + "."));
        } else if (!name.get().domain().equalsIgnoreCase(home.domain())) {
            violations.add(new Outcome.Violation(
                    "userPrincipalName",
                    "The domain '" + name.get().domain() + "' is not of this organisation; use @" + home.domain()
                            + "."));
        }
        if (draft.displayName().isBlank() || draft.displayName().length() > 256) {
            violations.add(new Outcome.Violation("displayName", "The display name needs 1 to 256 characters."));
        }
        draft.password()
                .flatMap(p -> PasswordRules.fault(
                        p.reveal(),
                        List.of(draft.userPrincipalName(), draft.displayName(), home.name(), home.displayName())))
                .ifPresent(fault -> violations.add(new Outcome.Violation("passwordProfile.password", fault)));
        return violations;
    }

    private static User withPassword(User user, String hash, boolean forceChange) {
        return new User(
                user.tenant(),
                user.id(),
                user.userPrincipalName(),
                user.displayName(),
                user.givenName(),
                user.surname(),
                user.mail(),
                user.accountEnabled(),
                Optional.of(hash),
                forceChange,
                user.sessionsValidFrom(),
                user.created(),
                user.attributes());
    }

    /// Whole seconds: tokens carry `auth_time` in seconds, and a proof made right after a change must count.
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
