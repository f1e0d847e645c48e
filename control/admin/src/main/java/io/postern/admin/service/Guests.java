package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.account.Invitations;
import io.postern.admin.notice.Envelope;
import io.postern.base.Outcome;
import io.postern.domain.OwnHost;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.Attributes;
import io.postern.domain.guest.ExternalName;
import io.postern.domain.guest.GuestAddress;
import io.postern.domain.guest.GuestPolicy;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.Guest;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Invites people from elsewhere as guests (4.2). The invitation makes the user; the link in it proves his
/// address, and is known to nobody but its reader: here is only its hash, and the mail is closed until it
/// leaves.
public final class Guests {
    private static final int MESSAGE_MAX = 1_000;
    private static final int SPONSORS_MAX = 5;
    private static final int MAILS_A_DAY = 5;
    private static final int INVITATIONS_A_DAY = 50;
    private static final Duration FAR = Duration.ofDays(GuestPolicy.DAYS_MAX);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

    /// @param url for whoever passes it on himself; empty when it goes by mail
    public record Invited(Guest guest, User user, Optional<String> url) {}

    private final Ledger ledger;
    private final Notices notices;
    private final Envelope envelope;
    private final Site site;

    Guests(Ledger ledger, Notices notices, Envelope envelope, Site site) {
        this.ledger = ledger;
        this.notices = notices;
        this.envelope = envelope;
        this.site = site;
    }

    /// Whether the actor may invite anybody: to be asked before anything that he says is looked at.
    public Outcome<Set<Action>> permitted(Actor actor) {
        return ledger.look(stores -> GuestPolicies.permitted(stores, actor));
    }

    /// A guest who has not accepted yet gets a new link, and the old one counts no more.
    public Outcome<Invited> invite(Actor actor, GuestDraft draft) {
        String secret = Invitations.secret();
        return ledger.change(actor, change -> {
            Stores stores = change.stores();
            Set<Action> abilities = GuestPolicies.permitted(stores, actor);
            boolean administers = actor.isService() || abilities.contains(Action.USERS_WRITE);
            if (!draft.send() && !administers) {
                throw Rejected.forbidden("'" + actor.name()
                        + "' may not see the link, which proves the guest's address; leave sendInvitationMessage true");
            }
            GuestPolicy policy = stores.guests().policy(change.tenant());
            check(change, policy, draft);
            bound(change, draft, abilities);
            Optional<Guest> known = stores.guests().findByAddress(change.tenant(), draft.address());
            var link = new Guest.Link(
                    Invitations.hash(secret), change.now().plus(Duration.ofDays(policy.invitationDays())));
            Optional<Instant> ends = draft.accessEnds()
                    .or(() -> policy.accessDays().map(days -> change.now().plus(Duration.ofDays(days))));
            Invited invited = known.isPresent()
                    ? again(change, known.get(), draft, link, administers)
                    : first(change, draft, abilities, link, ends);
            String url = site.origin(OwnHost.LOGIN) + "/" + home(change).name() + "/invitation?code=" + secret;
            if (draft.send()) {
                mail(change, invited, draft.message(), url);
                return invited;
            }
            return new Invited(invited.guest(), invited.user(), Optional.of(url));
        });
    }

    private Invited first(
            Change change, GuestDraft draft, Set<Action> abilities, Guest.Link link, Optional<Instant> ends) {
        Stores stores = change.stores();
        refuseKnown(change, draft.address(), abilities);
        Instant now = Users.seconds(change);
        String address = draft.address().value();
        var user = new User(
                change.tenant(),
                UserId.random(),
                ExternalName.of(address, home(change).domain()),
                draft.displayName().map(String::strip).orElse(address.substring(0, address.indexOf('@'))),
                Optional.empty(),
                Optional.empty(),
                Optional.of(address),
                true,
                Optional.empty(),
                false,
                now,
                now,
                Invitations.pending(attributes(draft), now));
        stores.users().insert(user);
        var guest = new Guest(
                change.tenant(),
                user.id(),
                draft.address(),
                inviter(change),
                redirect(change, draft),
                draft.language(),
                change.now(),
                Optional.of(link),
                ends,
                false);
        stores.guests().insert(guest);
        sponsors(change, draft).forEach(sponsor -> stores.guests().addSponsor(change.tenant(), user.id(), sponsor));
        note(change, Activity.INVITE_GUEST, guest, user);
        return new Invited(guest, user, Optional.empty());
    }

    private Invited again(Change change, Guest known, GuestDraft draft, Guest.Link link, boolean administers) {
        User user = Users.found(change, known.user());
        if (!user.accountEnabled()) {
            throw Rejected.conflict("guest '" + known.address() + "' is disabled; enable him first, or give him more"
                    + " time (postern guest extend)");
        }
        boolean accepted = Invitations.isAccepted(user);
        if (accepted && !draft.reset()) {
            throw Rejected.conflict("guest '" + known.address()
                    + "' accepted an invitation before; with resetRedemption he proves his address anew");
        }
        if (accepted && !administers) {
            throw Rejected.forbidden("'" + change.actor().name() + "' may not reset how a guest signs in");
        }
        User pending = accepted ? reset(change, user) : user;
        var guest = new Guest(
                known.tenant(),
                known.user(),
                known.address(),
                inviter(change),
                draft.redirect().isPresent() ? redirect(change, draft) : known.redirect(),
                draft.language().or(known::language),
                known.created(),
                Optional.of(link),
                draft.accessEnds().or(known::accessEnds),
                known.told() && draft.accessEnds().isEmpty());
        change.stores().guests().update(guest);
        note(change, accepted ? Activity.RESET_GUEST : Activity.INVITE_GUEST, guest, pending);
        return new Invited(guest, pending, Optional.empty());
    }

    /// Whatever he signed in with counts no more.
    private static User reset(Change change, User user) {
        Authority.overUser(change, Action.PASSWORD_RESET, user);
        Stores stores = change.stores();
        Instant now = Users.seconds(change);
        for (FederatedIdentityStore.Row row : stores.federatedIdentities().of(user.tenant(), user.id())) {
            stores.federatedIdentities().delete(user.tenant(), row.provider(), user.id());
        }
        Attributes attributes = Invitations.pending(user.attributes(), now);
        stores.users()
                .update(new User(
                        user.tenant(),
                        user.id(),
                        user.userPrincipalName(),
                        user.displayName(),
                        user.givenName(),
                        user.surname(),
                        user.mail(),
                        user.accountEnabled(),
                        Optional.empty(),
                        false,
                        user.sessionsValidFrom(),
                        user.created(),
                        attributes));
        Accounts.voidProofs(stores, user.tenant(), user.id(), now);
        return Users.found(change, user.id());
    }

    private void mail(Change change, Invited invited, String message, String url) {
        Guest guest = invited.guest();
        Guest.Link link = guest.link().orElseThrow();
        notices.tellClosed(
                change,
                envelope,
                guest.address().value(),
                guest.language(),
                "invitation:" + link.hash(),
                "invitation",
                url,
                guest.invitedBy(),
                home(change).displayName(),
                message.isBlank() ? "" : message.strip() + "\n\n",
                DAY.format(link.expires()));
    }

    private static Attributes attributes(GuestDraft draft) {
        return Attributes.NONE
                .with(Attributes.USER_TYPE, Optional.of(Attributes.GUEST))
                .with(Attributes.PREFERRED_LANGUAGE, draft.language());
    }

    private void check(Change change, GuestPolicy policy, GuestDraft draft) {
        String domain = draft.address().domain();
        if (!policy.admits(domain)) {
            throw Rejected.invalid(
                    "invitedUserEmailAddress",
                    "nobody may be invited from '" + domain + "'; the policy of guests names the domains"
                            + " (postern guest policy)");
        }
        draft.displayName()
                .filter(name -> name.isBlank() || name.length() > 256)
                .ifPresent(_ -> {
                    throw Rejected.invalid(
                            "invitedUserDisplayName", "invitedUserDisplayName must have 1 to 256 characters");
                });
        if (draft.message().length() > MESSAGE_MAX
                || draft.message().chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r')) {
            throw Rejected.invalid(
                    "invitedUserMessageInfo.customizedMessageBody",
                    "customizedMessageBody must be a text of at most " + MESSAGE_MAX + " characters");
        }
        draft.accessEnds().ifPresent(end -> checkEnd(change, end));
        if (draft.redirect().isPresent()) {
            redirect(change, draft);
        }
    }

    static void checkEnd(Change change, Instant end) {
        if (!end.isAfter(change.now()) || end.isAfter(change.now().plus(FAR))) {
            throw Rejected.invalid(
                    "accessEndDateTime", "accessEndDateTime must lie ahead, at most " + FAR.toDays() + " days");
        }
    }

    /// Nobody is pestered by our mail, and who administers nothing sends little of it.
    private static void bound(Change change, GuestDraft draft, Set<Action> abilities) {
        String address = draft.address().value();
        if (draft.send() && !hasRoom(change, "guest-mail", address, MAILS_A_DAY)) {
            throw Rejected.conflict("'" + address + "' got " + MAILS_A_DAY + " invitations today; try again tomorrow");
        }
        if (abilities.isEmpty()
                && !change.actor().isService()
                && !hasRoom(change, "guest-inviter", change.actor().principal(), INVITATIONS_A_DAY)) {
            throw Rejected.conflict("'" + change.actor().name() + "' invited " + INVITATIONS_A_DAY
                    + " times today; try again tomorrow, or ask an administrator");
        }
    }

    /// Takes one of the day's places, which is free again when the transaction comes to nothing.
    private static boolean hasRoom(Change change, String purpose, String who, int places) {
        Instant day = change.now().truncatedTo(ChronoUnit.DAYS);
        return IntStream.rangeClosed(1, places)
                .anyMatch(place -> change.stores()
                        .once()
                        .claim(
                                purpose,
                                change.tenant() + " " + who + " " + day + " " + place,
                                day.plus(Duration.ofDays(1))));
    }

    /// Somebody who has an account already is invited to nothing. Who he is learns only who may read the
    /// directory.
    private static void refuseKnown(Change change, GuestAddress address, Set<Action> abilities) {
        Stores stores = change.stores();
        boolean ours = address.domain().equals(home(change).domain());
        Optional<User> user = stores.users().findByMail(change.tenant(), address.value()).stream()
                .findFirst()
                .or(() -> stores.users()
                        .findByPrincipalName(address.value())
                        .filter(found -> found.tenant().equals(change.tenant())));
        if (ours || user.isPresent()) {
            if (abilities.isEmpty() && !change.actor().isService()) {
                throw Rejected.conflict("'" + address + "' needs no invitation");
            }
            throw Rejected.conflict("'" + address + "' is an address of "
                    + user.map(found -> "user '" + found.userPrincipalName() + "', who needs no invitation")
                            .orElse("this organisation; add a user (postern user add)"));
        }
    }

    /// Only what is this tenant's own: an invitation of ours leads nobody astray.
    private String redirect(Change change, GuestDraft draft) {
        String portal = Portals.portal(change.stores(), site, change.tenant()) + "/";
        return draft.redirect()
                .map(url -> GuestDestinations.of(change.stores(), site, change.tenant(), portal)
                        .checked(url))
                .orElse(portal);
    }

    private static List<UserId> sponsors(Change change, GuestDraft draft) {
        if (draft.sponsors().size() > SPONSORS_MAX) {
            throw Rejected.invalid("sponsors", "a guest has " + SPONSORS_MAX + " sponsors at most");
        }
        draft.sponsors().forEach(sponsor -> GuestSponsors.checked(change, sponsor));
        return draft.sponsors().isEmpty()
                ? GuestPolicies.self(change.stores(), change.actor()).stream()
                        .filter(user -> !user.attributes().isGuest())
                        .map(User::id)
                        .toList()
                : draft.sponsors();
    }

    private static String inviter(Change change) {
        return GuestPolicies.self(change.stores(), change.actor())
                .map(User::displayName)
                .orElseGet(() -> home(change).displayName());
    }

    private static Tenant home(Change change) {
        return change.stores().tenants().find(change.tenant()).orElseThrow();
    }

    static void note(Change change, Activity activity, Guest guest, User user) {
        change.note(
                activity,
                user.id(),
                user.userPrincipalName(),
                Map.of(
                        "invitedUserEmailAddress",
                        guest.address().value(),
                        "accessEndDateTime",
                        guest.accessEnds().map(Instant::toString).orElse("")));
    }
}
