package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.base.Outcome.Violation;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.guest.GuestPolicy;
import io.postern.domain.guest.GuestPolicy.Inviters;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Who may invite guests, from where, and for how long (GST-1, GST-2).
public final class GuestPolicies {
    private static final int DOMAINS_MAX = 500;
    private static final Pattern DOMAIN =
            Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+");

    /// What is to become of the policy.
    public record Draft(
            Edit<Inviters> inviters,
            Edit<List<String>> allowed,
            Edit<List<String>> blocked,
            Edit<Integer> invitationDays,
            Edit<Integer> accessDays) {}

    private final Ledger ledger;

    GuestPolicies(Ledger ledger) {
        this.ledger = ledger;
    }

    public GuestPolicy of(TenantId tenant) {
        return ledger.read(stores -> stores.guests().policy(tenant));
    }

    public Outcome<GuestPolicy> set(Actor actor, Draft draft) {
        return ledger.change(actor, change -> {
            GuestPolicy old = change.stores().guests().policy(change.tenant());
            GuestPolicy set = checked(old, draft);
            if (!set.equals(old)) {
                Tenant tenant =
                        change.found(change.stores().tenants().find(change.tenant()), "tenant", change.tenant());
                change.stores().guests().put(change.tenant(), set);
                change.note(
                        Activity.UPDATE_GUEST_POLICY,
                        change.tenant(),
                        tenant.name(),
                        Differences.between(old, set),
                        Map.of("allowInvitesFrom", set.inviters().text()));
            }
            return set;
        });
    }

    /// @throws Rejected when the policy does not let the actor invite anybody
    /// @return what the actor may do besides
    static Set<Action> permitted(Stores stores, Actor actor) {
        Set<Action> abilities = AdminRole.actions(Authority.roles(stores, actor.tenant(), actor.principal()));
        boolean member = self(stores, actor)
                .filter(user -> user.accountEnabled() && !user.attributes().isGuest())
                .isPresent();
        GuestPolicy policy = stores.guests().policy(actor.tenant());
        if (!actor.isService() && !policy.lets(abilities, !member)) {
            throw Rejected.forbidden("'" + actor.name() + "' may not invite guests: allowInvitesFrom is '"
                    + policy.inviters().text() + "'; an administrator can change it (postern guest policy)");
        }
        return abilities;
    }

    /// Empty for a service principal.
    static Optional<User> self(Stores stores, Actor actor) {
        try {
            return stores.users().find(actor.tenant(), new UserId(actor.principal()));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // the service itself
        }
    }

    private static GuestPolicy checked(GuestPolicy old, Draft draft) {
        var faults = new ArrayList<Violation>();
        var set = new GuestPolicy(
                draft.inviters().or(old.inviters()),
                domains("allowedDomains", draft.allowed().or(old.allowed()), faults),
                domains("blockedDomains", draft.blocked().or(old.blocked()), faults),
                days(
                        "invitationDays",
                        draft.invitationDays().or(old.invitationDays()),
                        GuestPolicy.INVITATION_DAYS_MAX,
                        faults),
                draft.accessDays()
                        .orKeep(old.accessDays())
                        .map(days -> days("accessDays", days, GuestPolicy.DAYS_MAX, faults)));
        if (!faults.isEmpty()) {
            throw Rejected.invalid(faults);
        }
        return set;
    }

    private static int days(String name, int days, int most, List<Violation> faults) {
        if (days < 1 || days > most) {
            faults.add(new Violation(name, name + " " + days + " must be from 1 to " + most));
        }
        return days;
    }

    private static List<String> domains(String name, List<String> domains, List<Violation> faults) {
        List<String> lower = domains.stream()
                .map(domain -> domain.strip().toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
        lower.stream()
                .filter(domain ->
                        domain.length() > 253 || !DOMAIN.matcher(domain).matches())
                .forEach(domain -> faults.add(new Violation(
                        name, name + " holds '" + domain + "', which is no domain such as partner.example")));
        if (lower.size() > DOMAINS_MAX) {
            faults.add(new Violation(name, name + " has " + DOMAINS_MAX + " domains at most"));
        }
        return lower;
    }
}
