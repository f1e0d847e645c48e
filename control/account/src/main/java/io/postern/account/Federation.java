package io.postern.account;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.domain.federation.Arrival;
import io.postern.domain.federation.Arrival.Namesake;
import io.postern.domain.federation.GroupRule;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.Stated;
import io.postern.domain.guest.GuestAddress;
import io.postern.store.DuplicateKey;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.FederatedIdentityStore.Origin;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The accounts of people who come from upstream identity providers: found, linked, made and kept in step, in one
/// transaction with what the audit log says of it. Who is who decides [Arrival].
public final class Federation {
    private static final int NAME_MAX = 256;

    /// What came of an arrival.
    public sealed interface Result {
        record Known(User user) implements Result {}

        record Refused(Arrival.Reason reason) implements Result {}
    }

    private final Store store;
    private final Clock clock;

    public Federation(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// @param actor the provider, as the audit log names it
    public Result arrive(Tenant home, IdentityProvider provider, Stated stated, Actor actor) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try {
            return store.write(s -> arrive(s, home, provider, stated, actor, now));
        } catch (DuplicateKey e) {
            return new Result.Refused(Arrival.Reason.NAME_TAKEN); // somebody was faster
        }
    }

    /// A user who is signed in, and proved at the provider who he is there, makes both one.
    public Result link(User user, IdentityProvider provider, Stated stated, Actor actor) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try {
            return store.write(s -> {
                Optional<FederatedIdentityStore.Row> known =
                        s.federatedIdentities().find(user.tenant(), provider.id(), stated.subject());
                if (known.isPresent()) {
                    return known.get().user().equals(user.id())
                            ? new Result.Known(user)
                            : new Result.Refused(Arrival.Reason.OTHER_PERSON);
                }
                link(s, provider, stated, user, Origin.OWNER, actor, now);
                return new Result.Known(user);
            });
        } catch (DuplicateKey e) {
            return new Result.Refused(Arrival.Reason.OTHER_PERSON);
        }
    }

    /// @return false when there was no link
    public boolean unlink(User user, IdentityProvider provider, Actor actor) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return store.write(s -> {
            boolean gone = s.federatedIdentities().delete(user.tenant(), provider.id(), user.id());
            if (gone) {
                s.audit()
                        .append(actor.did("Unlink user from identity provider", user, now)
                                .with(Map.of(
                                        "identityProvider", provider.displayName(),
                                        "identityProviderId", provider.id().value())));
            }
            return gone;
        });
    }

    private static Result arrive(
            Stores s, Tenant home, IdentityProvider provider, Stated stated, Actor actor, Instant now) {
        Optional<FederatedIdentityStore.Row> link =
                s.federatedIdentities().find(home.id(), provider.id(), stated.subject());
        Optional<Namesake> namesake = s.users()
                .findByPrincipalName(Arrival.name(provider, stated, home.domain()))
                .map(user -> namesake(s, home.id(), provider, user));
        Optional<Namesake> invited = Arrival.invitedName(provider, stated)
                .flatMap(GuestAddress::read)
                .flatMap(address -> s.guests().findByAddress(home.id(), address))
                .map(guest -> namesake(s, home.id(), provider, user(s, home.id(), guest.user())));
        Optional<Arrival.Linked> linked = link.map(row ->
                new Arrival.Linked(row.user(), row.origin() == Origin.NAME, isAdministrator(s, home.id(), row.user())));
        return switch (Arrival.decide(provider, stated, home.domain(), linked, invited, namesake)) {
            case Arrival.Refused(Arrival.Reason reason) -> new Result.Refused(reason);
            case Arrival.Known(UserId id) -> {
                FederatedIdentityStore.Row row = link.orElseThrow();
                s.federatedIdentities().used(row, now);
                User user = user(s, home.id(), id);
                yield known(
                        s,
                        provider,
                        stated,
                        row.origin() == Origin.CREATED ? inStep(s, provider, stated, user, actor, now) : user,
                        actor,
                        now);
            }
            case Arrival.Link(UserId id) -> {
                User user = user(s, home.id(), id);
                if (!user.accountEnabled()) {
                    yield new Result.Known(user); // who is told so; what he is to be linked to can wait
                }
                link(s, provider, stated, user, Origin.NAME, actor, now);
                yield known(s, provider, stated, Invitations.acceptElsewhere(s, user, actor, now), actor, now);
            }
            case Arrival.Newcomer(String name, boolean guest) ->
                UserName.read(name).isEmpty()
                        ? new Result.Refused(Arrival.Reason.UNKNOWN)
                        : known(
                                s,
                                provider,
                                stated,
                                made(s, home, provider, stated, name, guest, actor, now),
                                actor,
                                now);
        };
    }

    private static Result known(
            Stores s, IdentityProvider provider, Stated stated, User user, Actor actor, Instant now) {
        if (user.accountEnabled()) {
            groups(s, provider, stated, user, actor, now);
        }
        return new Result.Known(user);
    }

    private static Namesake namesake(Stores s, TenantId tenant, IdentityProvider provider, User user) {
        boolean here = user.tenant().equals(tenant);
        return new Namesake(
                user.id(),
                here,
                isAdministrator(s, user.tenant(), user.id()),
                s.federatedIdentities().of(user.tenant(), user.id()).stream()
                        .anyMatch(row -> row.provider().equals(provider.id())));
    }

    private static boolean isAdministrator(Stores s, TenantId tenant, UserId user) {
        return !s.roles().rolesOf(tenant, user.value()).isEmpty();
    }

    private static User user(Stores s, TenantId tenant, UserId id) {
        return s.users().find(tenant, id).orElseThrow(); // the link would have gone with him
    }

    private static User made(
            Stores s,
            Tenant home,
            IdentityProvider provider,
            Stated stated,
            String name,
            boolean guest,
            Actor actor,
            Instant now) {
        var user = new User(
                home.id(),
                UserId.random(),
                name,
                text(stated.displayName().or(stated::userPrincipalName).or(stated::mail))
                        .orElse(name),
                text(stated.givenName()),
                text(stated.surname()),
                mail(s, home, provider, stated),
                true,
                Optional.empty(),
                false,
                now,
                now,
                attributes(
                        guest
                                ? new Attributes(Map.of(Attributes.USER_TYPE, List.of(Attributes.GUEST)))
                                : Attributes.NONE,
                        stated));
        new Accounts.Prepared(user, false).write(s, actor);
        link(s, provider, stated, user, Origin.CREATED, actor, now);
        return user;
    }

    private static void link(
            Stores s, IdentityProvider provider, Stated stated, User user, Origin origin, Actor actor, Instant now) {
        s.federatedIdentities()
                .insert(new FederatedIdentityStore.Row(
                        user.tenant(), provider.id(), stated.subject(), user.id(), origin, now, now));
        s.audit()
                .append(actor.did("Link user to identity provider", user, now)
                        .with(Map.of(
                                "identityProvider", provider.displayName(),
                                "identityProviderId", provider.id().value(),
                                "origin", origin.name().toLowerCase(Locale.ROOT))));
    }

    /// Of an account that was made for the newcomer: what he is called there, he is called here.
    private static User inStep(
            Stores s, IdentityProvider provider, Stated stated, User user, Actor actor, Instant now) {
        Tenant home = s.tenants().find(user.tenant()).orElseThrow();
        var changed = new User(
                user.tenant(),
                user.id(),
                user.userPrincipalName(),
                text(stated.displayName()).orElse(user.displayName()),
                text(stated.givenName()).or(user::givenName),
                text(stated.surname()).or(user::surname),
                mail(s, home, provider, stated).or(user::mail),
                user.accountEnabled(),
                user.passwordHash(),
                user.forceChangePassword(),
                user.sessionsValidFrom(),
                user.created(),
                attributes(user.attributes(), stated));
        if (!changed.equals(user)) {
            s.users().update(changed);
            s.audit().append(actor.did("Update user", changed, now));
            s.changes().bump();
        }
        return changed;
    }

    /// Applications find people by their mail address: one in a domain of ours is only believed of who speaks
    /// for it.
    private static Optional<String> mail(Stores s, Tenant home, IdentityProvider provider, Stated stated) {
        return text(stated.mail()).filter(mail -> {
            String domain = IdentityProvider.domainOf(mail);
            boolean ours = domain.equalsIgnoreCase(home.domain())
                    || s.domains().listProven().stream().anyMatch(d -> d.contains(domain))
                    || s.tenants().list().stream().anyMatch(t -> t.domain().equalsIgnoreCase(domain));
            return !domain.isEmpty() && (provider.speaksFor(domain) || !ours);
        });
    }

    private static Attributes attributes(Attributes before, Stated stated) {
        Attributes after = before;
        for (Map.Entry<String, String> one : stated.attributes().entrySet()) {
            try {
                after = after.with(one.getKey(), text(Optional.of(one.getValue())));
            } catch (IllegalArgumentException e) {
                // a value that is none here, such as a language without a tag: the rest still counts
            }
        }
        return after;
    }

    private static void groups(
            Stores s, IdentityProvider provider, Stated stated, User user, Actor actor, Instant now) {
        Set<GroupId> wanted = new LinkedHashSet<>();
        Set<GroupId> all = new LinkedHashSet<>();
        for (GroupRule rule : provider.groups()) {
            all.add(rule.group());
            if (stated.groups().contains(rule.value())) {
                wanted.add(rule.group());
            }
        }
        boolean changed = false;
        for (GroupId id : all) {
            boolean assigned = s.groups()
                            .find(user.tenant(), id)
                            .filter(group -> group.rule().isEmpty())
                            .isPresent()
                    && s.sync().ofTarget(user.tenant(), id.value()).isEmpty();
            if (!assigned) {
                continue; // it was deleted since, or a rule or another directory finds its members
            }
            boolean belongs = wanted.contains(id);
            boolean moved = belongs
                    ? s.groups().addMember(user.tenant(), id, user.id())
                    : s.groups().removeMember(user.tenant(), id, user.id());
            if (moved) {
                changed = true;
                s.audit()
                        .append(actor.did(belongs ? "Add member to group" : "Remove member from group", user, now)
                                .with(Map.of("group", id.value(), "identityProvider", provider.displayName())));
            }
        }
        if (changed) {
            s.changes().bump();
        }
    }

    /// As a property may be; what cannot be one is left out.
    private static Optional<String> text(Optional<String> said) {
        return said.map(text -> text.codePoints()
                        .filter(c -> !Character.isISOControl(c))
                        .limit(NAME_MAX)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                        .strip())
                .filter(text -> !text.isEmpty());
    }
}
