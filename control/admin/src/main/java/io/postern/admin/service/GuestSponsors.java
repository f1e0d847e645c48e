package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.store.User;
import java.util.List;
import java.util.Map;

/// Who answers for a guest, and is told before his access ends (GST-6).
public final class GuestSponsors {
    private static final int MOST = 5;

    private final Ledger ledger;

    GuestSponsors(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<List<User>> of(TenantId tenant, UserId id) {
        return ledger.look(stores -> {
            Rejected.unless(stores.users().find(tenant, id), "user", id);
            return stores.guests().sponsors(tenant, id).stream()
                    .flatMap(sponsor -> stores.users().find(tenant, sponsor).stream())
                    .toList();
        });
    }

    public Outcome<User> add(Actor actor, UserId id, UserId sponsor) {
        return ledger.change(actor, change -> {
            User user = Users.found(change, id);
            Authority.overUser(change, Action.USERS_WRITE, user);
            User added = checked(change, sponsor);
            if (sponsor.equals(id)) {
                throw Rejected.conflict("'" + user.userPrincipalName() + "' cannot answer for himself");
            }
            if (change.stores().guests().sponsors(change.tenant(), id).size() >= MOST) {
                throw Rejected.conflict("'" + user.userPrincipalName() + "' has " + MOST + " sponsors, as many as"
                        + " there can be; remove one first");
            }
            if (!change.stores().guests().addSponsor(change.tenant(), id, sponsor)) {
                throw Rejected.conflict("'" + added.userPrincipalName() + "' is a sponsor already");
            }
            note(change, Activity.ADD_SPONSOR, user, added);
            return added;
        });
    }

    public Outcome<User> remove(Actor actor, UserId id, UserId sponsor) {
        return ledger.change(actor, change -> {
            User user = Users.found(change, id);
            Authority.overUser(change, Action.USERS_WRITE, user);
            User removed = Users.found(change, sponsor);
            if (!change.stores().guests().removeSponsor(change.tenant(), id, sponsor)) {
                throw Rejected.notFound("sponsor", sponsor);
            }
            note(change, Activity.REMOVE_SPONSOR, user, removed);
            return removed;
        });
    }

    /// @throws Rejected when nobody can answer for a guest who has this id
    static User checked(Change change, UserId sponsor) {
        User user = change.stores()
                .users()
                .find(change.tenant(), sponsor)
                .orElseThrow(() -> Rejected.invalid("sponsors", "sponsors: there is no user '" + sponsor + "'"));
        if (user.attributes().isGuest()) {
            throw Rejected.invalid("sponsors", "'" + user.userPrincipalName() + "' is a guest, who answers for nobody");
        }
        return user;
    }

    private static void note(Change change, Activity activity, User user, User sponsor) {
        change.note(
                activity,
                user.id(),
                user.userPrincipalName(),
                Map.of(
                        "sponsor",
                        sponsor.userPrincipalName(),
                        "sponsorId",
                        sponsor.id().value()));
    }
}
