package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.store.Guest;
import io.postern.store.LogEntry;
import io.postern.store.LogField;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.LogQuery.Condition;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Until when guests have access, and who of them still comes (GST-6). Whose time is over is disabled:
/// sessions and tokens end, and more time lets him in again.
public final class GuestAccess {
    private static final Duration NOTICE = Duration.ofDays(7);
    private static final int BATCH = 200;
    private static final int PAGE = 500;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

    /// A guest as reviewers look at him.
    ///
    /// @param guest empty when he was not invited: an identity provider brought him, or an administrator added him
    public record Seen(User user, Optional<Guest> guest, List<User> sponsors, Optional<Instant> lastSignIn) {}

    private final Ledger ledger;
    private final Notices notices;

    GuestAccess(Ledger ledger, Notices notices) {
        this.ledger = ledger;
        this.notices = notices;
    }

    /// By user principal name.
    public List<Seen> list(TenantId tenant) {
        return ledger.read(stores -> {
            var found = new ArrayList<Seen>();
            String after = "";
            List<User> page;
            do {
                page = stores.users().list(tenant, after, PAGE);
                for (User user : page) {
                    after = user.userPrincipalName();
                    if (user.attributes().isGuest()) {
                        found.add(seen(stores, user));
                    }
                }
            } while (page.size() == PAGE);
            return List.copyOf(found);
        });
    }

    public Outcome<Seen> find(TenantId tenant, UserId id) {
        return ledger.look(stores -> stores.users()
                .find(tenant, id)
                .filter(user -> user.attributes().isGuest()
                        || stores.guests().find(tenant, id).isPresent())
                .map(user -> seen(stores, user))
                .orElseThrow(() -> Rejected.notFound("guest", id)));
    }

    private static Seen seen(Stores stores, User user) {
        return new Seen(
                user,
                stores.guests().find(user.tenant(), user.id()),
                stores.guests().sponsors(user.tenant(), user.id()).stream()
                        .flatMap(sponsor -> stores.users().find(user.tenant(), sponsor).stream())
                        .toList(),
                stores
                        .logs()
                        .find(
                                user.tenant(),
                                LogKind.SIGN_IN,
                                new LogQuery(
                                        List.of(
                                                Condition.equal(
                                                        LogField.USER_ID,
                                                        user.id().value()),
                                                Condition.equal(LogField.CODE, "0")),
                                        OptionalLong.empty(),
                                        true,
                                        1))
                        .stream()
                        .findFirst()
                        .map(LogEntry::time));
    }

    /// @param ends empty: his access ends when somebody ends it
    public Outcome<Guest> extend(Actor actor, UserId id, Optional<Instant> ends) {
        return ledger.change(actor, change -> {
            User user = Users.found(change, id);
            Authority.overUser(change, Action.USERS_WRITE, user);
            Guest known = change.found(change.stores().guests().find(change.tenant(), id), "invited guest", id);
            ends.ifPresent(end -> Guests.checkEnd(change, end));
            Guest extended = known.ending(ends);
            change.stores().guests().update(extended);
            boolean back = !user.accountEnabled() && isOver(known, change.now());
            if (back) {
                change.stores().users().update(enabled(user, true));
                Accounts.letIn(change.stores(), change.tenant(), id, Users.seconds(change));
            }
            change.note(
                    Activity.EXTEND_GUEST,
                    id,
                    user.userPrincipalName(),
                    Map.of(
                            "accessEndDateTime", ends.map(Instant::toString).orElse(""),
                            "before", known.accessEnds().map(Instant::toString).orElse(""),
                            "accountEnabled", Boolean.toString(user.accountEnabled() || back)));
            return extended;
        });
    }

    /// @throws Rejected when the user is a guest whose time is over: he would be disabled again at once
    static void keepOut(Change change, User user) {
        change.stores()
                .guests()
                .find(change.tenant(), user.id())
                .filter(guest -> isOver(guest, change.now()))
                .ifPresent(guest -> {
                    throw Rejected.conflict("the access of guest '" + user.userPrincipalName() + "' ended on "
                            + DAY.format(guest.accessEnds().orElseThrow())
                            + "; give him more time (postern guest extend)");
                });
    }

    private static boolean isOver(Guest guest, Instant now) {
        return guest.accessEnds().filter(end -> !end.isAfter(now)).isPresent();
    }

    /// Ends what is over and tells sponsors of what soon will be. Blocking. @return how many guests that
    /// were
    public int work() {
        Instant now = ledger.clock().instant().truncatedTo(ChronoUnit.MILLIS); // as the transactions count
        int worked = 0;
        for (Guest guest : ledger.read(stores -> stores.guests().over(now, BATCH))) {
            worked += done(ledger.change(Actor.service(guest.tenant()), change -> end(change, guest)));
        }
        for (Guest guest : ledger.read(stores -> stores.guests().ending(now.plus(NOTICE), BATCH))) {
            worked += done(ledger.change(Actor.service(guest.tenant()), change -> tell(change, guest)));
        }
        return worked;
    }

    private static int done(Outcome<User> outcome) {
        return outcome instanceof Outcome.Done<User> ? 1 : 0;
    }

    /// Looked at again in the transaction: somebody may have given him more time since.
    private static User end(Change change, Guest over) {
        User user = Users.found(change, over.user());
        boolean due = change.stores()
                .guests()
                .find(change.tenant(), over.user())
                .filter(guest -> isOver(guest, change.now()))
                .isPresent();
        if (!due || !user.accountEnabled()) {
            throw Rejected.conflict("not due any more");
        }
        LastAdministrator.keep(change, user);
        change.stores().users().update(enabled(user, false));
        Accounts.cutOff(change.stores(), change.tenant(), user.id(), Users.seconds(change));
        Guests.note(change, Activity.END_GUEST, over, user);
        return user;
    }

    private User tell(Change change, Guest guest) {
        User user = Users.found(change, guest.user());
        if (!change.stores().guests().tell(guest)) {
            throw Rejected.conflict("told already");
        }
        String day = DAY.format(guest.accessEnds().orElseThrow());
        change.stores().guests().sponsors(change.tenant(), guest.user()).stream()
                .flatMap(id -> change.stores().users().find(change.tenant(), id).stream())
                .filter(User::accountEnabled)
                .forEach(sponsor -> notices.tell(
                        change,
                        sponsor,
                        "guest-ends:" + guest.user() + ":" + day,
                        "guest.ends",
                        "/",
                        user.displayName(),
                        guest.address().value(),
                        day));
        return user;
    }

    private static User enabled(User user, boolean enabled) {
        return new User(
                user.tenant(),
                user.id(),
                user.userPrincipalName(),
                user.displayName(),
                user.givenName(),
                user.surname(),
                user.mail(),
                enabled,
                user.passwordHash(),
                user.forceChangePassword(),
                user.sessionsValidFrom(),
                user.created(),
                user.attributes());
    }
}
