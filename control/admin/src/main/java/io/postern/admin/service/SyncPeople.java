package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.account.UserName;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.domain.sync.DirectoryAccount;
import io.postern.domain.sync.SoftMatch;
import io.postern.domain.sync.SyncFault;
import io.postern.domain.sync.SyncMapping;
import io.postern.store.DuplicateKey;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.User;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What becomes of users of another directory here, in the transaction of a page or of the end of a cycle.
final class SyncPeople {
    private static final int NAME_MAX = 256;

    private final Change change;
    private final SyncSource source;
    private final SyncMapping mapping;
    private final String domain;
    private final SyncTally tally;
    private final SyncTouched touched;

    /// Users here whose objects are not kept yet.
    private final Set<String> taken = new HashSet<>();

    SyncPeople(Change change, SyncSource source, SyncMapping mapping, SyncTally tally, SyncTouched touched) {
        this.change = change;
        this.source = source;
        this.mapping = mapping;
        this.tally = tally;
        this.touched = touched;
        this.domain = change.found(change.stores().tenants().find(change.tenant()), "tenant", change.tenant())
                .domain();
    }

    /// What is to be done about an object, before it is done: a preview ends here.
    sealed interface Plan {
        /// @param user as it will be
        record Create(User user, Optional<SyncFault> fault) implements Plan {}

        /// A user who was here takes part from now on.
        record Link(User before, User after, Optional<SyncFault> fault) implements Plan {}

        record Update(User before, User after, Optional<SyncFault> fault) implements Plan {}

        /// Who was deleted comes back.
        record Restore(User before, User after, Optional<SyncFault> fault) implements Plan {}

        /// Nothing is done; whatever is here stays as it is.
        record Refuse(SyncFault fault) implements Plan {}
    }

    Plan plan(SyncObject object) {
        Map<String, String> values = mapping.user(object.anchor(), object.name(), object.attributes());
        Optional<String> name =
                Optional.ofNullable(values.get("userPrincipalName")).flatMap(this::name);
        if (name.isEmpty()) {
            return new Plan.Refuse(new SyncFault(
                    "no-user-name",
                    "'" + values.getOrDefault("userPrincipalName", "") + "' of " + object.name()
                            + " cannot be a user name",
                    "set userPrincipalName there to a name of letters, digits and ' . - _ ! # ^ ~ before the @, or map"
                            + " userPrincipalName from another attribute ('postern sync change --map')"));
        }
        if (object.target().isPresent()) {
            UserId id = new UserId(object.target().get());
            if (object.deleted().isPresent()) {
                return change.stores()
                        .users()
                        .findDeleted(change.tenant(), id)
                        .<Plan>map(deleted -> restore(deleted.user(), name.get(), values, object))
                        .orElseGet(() -> fresh(name.get(), values, object));
            }
            return change.stores()
                    .users()
                    .find(change.tenant(), id)
                    .<Plan>map(user -> update(user, name.get(), values, object))
                    .orElseGet(() -> fresh(name.get(), values, object));
        }
        return fresh(name.get(), values, object);
    }

    private Plan fresh(String name, Map<String, String> values, SyncObject object) {
        Optional<SoftMatch.Candidate> byName =
                change.stores().users().findByPrincipalName(name).map(this::candidate);
        List<SoftMatch.Candidate> byMail = Optional.ofNullable(values.get("mail")).stream()
                .flatMap(mail -> change.stores().users().findByMail(change.tenant(), mail).stream())
                .map(this::candidate)
                .toList();
        return switch (SoftMatch.decide(name, byName, byMail, source.settings().softMatch())) {
            case SoftMatch.Decision.Create() -> {
                Instant now = seconds();
                var blank = new User(
                        change.tenant(),
                        UserId.random(),
                        name,
                        name,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        Optional.empty(),
                        false,
                        now,
                        now);
                Written written = written(blank, name, values, object);
                yield new Plan.Create(written.user(), written.fault());
            }
            case SoftMatch.Decision.Link(UserId id) -> {
                User before = change.found(change.stores().users().find(change.tenant(), id), "user", id);
                Written written = written(before, name, values, object);
                yield new Plan.Link(before, written.user(), written.fault());
            }
            case SoftMatch.Decision.Refuse(SyncFault fault) -> new Plan.Refuse(fault);
        };
    }

    private Plan update(User user, String name, Map<String, String> values, SyncObject object) {
        Written written = written(user, name, values, object);
        return free(name, user.id())
                ? new Plan.Update(user, written.user(), written.fault())
                : new Plan.Refuse(taken(name));
    }

    private Plan restore(User user, String name, Map<String, String> values, SyncObject object) {
        Written written = written(user, name, values, object);
        return free(name, user.id()) && free(user.userPrincipalName(), user.id())
                ? new Plan.Restore(user, written.user(), written.fault())
                : new Plan.Refuse(taken(name));
    }

    private boolean free(String name, UserId id) {
        return change.stores()
                .users()
                .findByPrincipalName(name)
                .filter(other -> !other.id().equals(id))
                .isEmpty();
    }

    private static SyncFault taken(String name) {
        return new SyncFault(
                "name-taken",
                "another user is named '" + name + "'",
                "give one of them another user name; it is tried again in every cycle");
    }

    private SoftMatch.Candidate candidate(User user) {
        String id = user.id().value();
        return new SoftMatch.Candidate(
                user.id(),
                user.userPrincipalName(),
                !user.tenant().equals(change.tenant())
                        || !change.stores().roles().rolesOf(change.tenant(), id).isEmpty(),
                user.attributes().userType().equals(Attributes.GUEST),
                taken.contains(id)
                        || change.stores().sync().ofTarget(change.tenant(), id).isPresent());
    }

    /// @return the target's id with the object as it is to be kept
    SyncObject apply(SyncObject object, Plan plan) {
        try {
            return switch (plan) {
                case Plan.Create(User user, Optional<SyncFault> fault) -> {
                    change.stores().users().insert(user);
                    change.note(Activity.ADD_USER, user.id(), user.userPrincipalName(), origin(object));
                    tally.add("usersCreated");
                    touched.member(object);
                    yield kept(object, user, fault);
                }
                case Plan.Link(User before, User after, Optional<SyncFault> fault) -> {
                    write(before, after, object, Activity.LINK_USER);
                    tally.add("usersLinked");
                    touched.member(object);
                    yield kept(object, after, fault);
                }
                case Plan.Update(User before, User after, Optional<SyncFault> fault) -> {
                    if (before.equals(after)) {
                        tally.add("usersUnchanged");
                    } else {
                        write(before, after, object, Activity.UPDATE_USER);
                        tally.add("usersUpdated");
                    }
                    yield kept(object, after, fault);
                }
                case Plan.Restore(User before, User after, Optional<SyncFault> fault) -> {
                    change.stores().users().bringBack(change.tenant(), before.id());
                    if (after.accountEnabled()) {
                        Accounts.letIn(change.stores(), change.tenant(), before.id(), seconds());
                    }
                    User back = change.found(
                            change.stores().users().find(change.tenant(), before.id()), "user", before.id());
                    change.stores().users().update(after.withSessionsValidFrom(back.sessionsValidFrom()));
                    change.note(Activity.RESTORE_USER, after.id(), after.userPrincipalName(), origin(object));
                    tally.add("usersRestored");
                    touched.member(object);
                    yield kept(object, after, fault);
                }
                case Plan.Refuse(SyncFault fault) -> refused(object, fault);
            };
        } catch (Rejected e) { // the last administrator
            return refused(
                    object,
                    new SyncFault(
                            "last-administrator",
                            String.valueOf(e.getMessage()),
                            "make another user Global Administrator; it is tried again in every cycle"));
        } catch (DuplicateKey e) {
            return refused(object, taken(String.valueOf(e.getMessage())));
        }
    }

    private SyncObject refused(SyncObject object, SyncFault fault) {
        tally.add("faults");
        return object.withFault(Optional.of(fault));
    }

    private SyncObject kept(SyncObject object, User user, Optional<SyncFault> fault) {
        fault.ifPresent(_ -> tally.add("faults"));
        boolean looksUp = mapping.users().containsKey(Attributes.MANAGER);
        boolean dirty = looksUp
                && (user.attributes().first(Attributes.MANAGER).isPresent()
                        || manager(object).isPresent());
        taken.add(user.id().value());
        return object.withTarget(Optional.of(user.id().value()))
                .withDeleted(Optional.empty())
                .withDirty(dirty)
                .withDue(DirectoryAccount.of(object.attributes()).expires().filter(end -> end.isAfter(change.now())))
                .withFault(fault);
    }

    private Optional<String> manager(SyncObject object) {
        return Optional.ofNullable(mapping.users().get(Attributes.MANAGER))
                .flatMap(expression -> expression.value(object.attributes()));
    }

    /// Who is disabled is out at once; who is enabled comes in by a new sign-in.
    private void write(User before, User after, SyncObject object, Activity activity) {
        boolean out = before.accountEnabled() && !after.accountEnabled();
        if (out) {
            LastAdministrator.keep(change, before);
        }
        change.stores().users().update(after);
        if (out) {
            Accounts.cutOff(change.stores(), change.tenant(), after.id(), seconds());
            tally.add("usersDisabled");
        } else if (!before.accountEnabled() && after.accountEnabled()) {
            Accounts.letIn(change.stores(), change.tenant(), after.id(), seconds());
        }
        change.note(
                activity, after.id(), after.userPrincipalName(), Differences.between(before, after), origin(object));
    }

    /// The manager of a user who is dirty, as another user here.
    SyncObject lookUp(SyncObject object) {
        Optional<User> user =
                object.target().flatMap(id -> change.stores().users().find(change.tenant(), new UserId(id)));
        if (user.isPresent() && object.deleted().isEmpty()) {
            Optional<String> wanted = manager(object)
                    .flatMap(SyncPlaces::name)
                    .flatMap(name -> change.stores().sync().named(change.tenant(), source.id(), name))
                    .flatMap(SyncObject::target);
            if (!wanted.equals(user.get().attributes().first(Attributes.MANAGER))) {
                User after = user.get().withAttributes(user.get().attributes().with(Attributes.MANAGER, wanted));
                change.stores().users().update(after);
                change.note(
                        Activity.UPDATE_USER,
                        after.id(),
                        after.userPrincipalName(),
                        Differences.between(user.get(), after),
                        origin(object));
            }
        }
        return object.withDirty(false);
    }

    /// Puts a user aside whose object is gone.
    SyncObject delete(SyncObject object) {
        UserId id = new UserId(object.target().orElseThrow());
        Optional<User> user = change.stores().users().find(change.tenant(), id);
        if (user.isPresent()) {
            try {
                LastAdministrator.keep(change, user.get());
            } catch (Rejected e) {
                return refused(
                                object,
                                new SyncFault(
                                        "last-administrator",
                                        String.valueOf(e.getMessage()),
                                        "make another user Global Administrator"))
                        .withGone(false);
            }
            Accounts.cutOff(change.stores(), change.tenant(), id, seconds());
            change.stores().users().putAside(change.tenant(), id, change.now());
            change.note(Activity.DELETE_USER, id, user.get().userPrincipalName(), origin(object));
            tally.add("usersDeleted");
        }
        return object.withGone(false)
                .withDirty(false)
                .withDue(Optional.empty())
                .withFault(Optional.empty())
                .withDeleted(Optional.of(change.now()));
    }

    // ---- how a user looks then

    private record Written(User user, Optional<SyncFault> fault) {}

    private Written written(User old, String name, Map<String, String> values, SyncObject object) {
        var faults = new ArrayList<String>();
        Attributes attributes = attributes(old, values, faults);
        User user = new User(
                old.tenant(),
                old.id(),
                name,
                text(values, "displayName", faults).orElse(name),
                own("givenName") ? text(values, "givenName", faults) : old.givenName(),
                own("surname") ? text(values, "surname", faults) : old.surname(),
                own("mail") ? text(values, "mail", faults) : old.mail(),
                DirectoryAccount.of(object.attributes()).isEnabled(change.now()),
                old.passwordHash(),
                old.forceChangePassword(),
                old.sessionsValidFrom(),
                old.created(),
                attributes);
        Optional<SyncFault> fault = faults.isEmpty()
                ? Optional.empty()
                : Optional.of(new SyncFault(
                        "value-left-out",
                        String.join("; ", faults),
                        "correct the value in the directory, or map the property from another attribute"));
        boolean same = user.equals(old) && old.attributes().isSynchronised();
        return new Written(
                same
                        ? old
                        : user.withAttributes(attributes
                                .with(Attributes.SYNCHRONISED, Optional.of("true"))
                                .with(
                                        Attributes.LAST_SYNCHRONISED,
                                        Optional.of(seconds().toString()))),
                fault);
    }

    private Attributes attributes(User old, Map<String, String> values, List<String> faults) {
        var all = new TreeMap<>(old.attributes().values());
        for (String property : mapping.users().keySet()) {
            if (!Attributes.isKnown(property) || property.equals(Attributes.MANAGER)) {
                continue; // a name, or looked up at the end
            }
            all.remove(property);
            Optional.ofNullable(values.get(property)).ifPresent(value -> {
                try {
                    all.putAll(new Attributes(Map.of(property, List.of(value))).values());
                } catch (IllegalArgumentException e) {
                    faults.add(String.valueOf(e.getMessage()));
                }
            });
        }
        return new Attributes(all);
    }

    private boolean own(String property) {
        return mapping.users().containsKey(property);
    }

    private static Optional<String> text(Map<String, String> values, String property, List<String> faults) {
        Optional<String> value = Optional.ofNullable(values.get(property));
        if (value.filter(v -> v.length() > NAME_MAX || v.chars().anyMatch(Character::isISOControl))
                .isPresent()) {
            faults.add(property + " must have 1 to " + NAME_MAX + " characters without control characters");
            return Optional.empty();
        }
        return value;
    }

    /// With the tenant's own domain, whatever the directory's is: nobody can sign in by a domain that nobody has
    /// proven.
    private Optional<String> name(String given) {
        int at = given.lastIndexOf('@');
        return UserName.read((at < 0 ? given : given.substring(0, at)) + "@" + domain)
                .map(UserName::value);
    }

    private Map<String, String> origin(SyncObject object) {
        return Map.of("source", source.name(), "object", object.name().text());
    }

    private Instant seconds() {
        return change.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
