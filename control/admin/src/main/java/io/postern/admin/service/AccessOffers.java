package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.publish.Application;
import io.postern.store.AccessOffer;
import io.postern.store.Assignment;
import io.postern.store.Group;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What users may ask for themselves (4.4): whether, by way of which group, who decides and for how long.
public final class AccessOffers {
    private static final int APPROVERS_MAX = 10;
    private static final int DAYS_MAX = 3_650;

    /// An offer with the names that people read.
    public record Named(AccessOffer offer, Group group, List<User> approvers) {}

    /// @param group whose members askers become; empty: that of before, or one that is made now
    /// @param appRoleId that the group is given, for an application
    /// @param approvers empty: those who own the application or the group now (SSA-8)
    public record Wanted(
            Optional<GroupId> group,
            String appRoleId,
            boolean approval,
            List<UserId> approvers,
            Optional<Integer> days) {
        public Wanted {
            approvers = approvers.stream().distinct().toList();
        }

        /// By the eldest owners where nobody is named.
        private Wanted orApproved(List<UserId> owners) {
            return approval && approvers.isEmpty()
                    ? new Wanted(
                            group,
                            appRoleId,
                            true,
                            owners.stream().limit(APPROVERS_MAX).toList(),
                            days)
                    : this;
        }
    }

    private final Ledger ledger;

    public AccessOffers(Ledger ledger) {
        this.ledger = ledger;
    }

    /// Of an application. @return empty when nobody can ask for it
    public Outcome<Optional<Named>> of(TenantId tenant, ServicePrincipalId resource) {
        return ledger.look(stores -> {
            Rejected.unless(stores.servicePrincipals().find(tenant, resource), "service principal", resource);
            return stores.access().offer(tenant, resource.value()).map(offer -> named(stores, offer));
        });
    }

    /// Of a group.
    public Outcome<Optional<Named>> of(TenantId tenant, GroupId group) {
        return ledger.look(stores -> {
            Rejected.unless(stores.groups().find(tenant, group), "group", group);
            return stores.access().offer(tenant, group.value()).map(offer -> named(stores, offer));
        });
    }

    private static Named named(Stores stores, AccessOffer offer) {
        return new Named(
                offer,
                stores.groups().find(offer.tenant(), offer.group()).orElseThrow(),
                offer.approvers().stream()
                        .flatMap(id -> stores.users().find(offer.tenant(), id).stream())
                        .toList());
    }

    /// Lets users ask for an application, or changes how. The group is assigned to it, if it is not yet.
    public Outcome<Named> offer(Actor actor, ServicePrincipalId resource, Wanted wanted) {
        return ledger.change(actor, change -> {
            ServicePrincipal principal = change.found(
                    change.stores().servicePrincipals().find(change.tenant(), resource), "service principal", resource);
            refuseUnfit(change, principal);
            Optional<AccessOffer> before = change.stores().access().offer(change.tenant(), resource.value());
            Group group = wanted.group()
                    .or(() -> before.map(AccessOffer::group))
                    .map(id -> chosen(change, id, before, principal))
                    .orElseGet(() -> made(change, principal));
            assign(change, principal, group, wanted.appRoleId());
            return put(
                    change,
                    new Offer(Optional.of(resource), group, principal.displayName()),
                    wanted.orApproved(owners(change, principal)));
        });
    }

    /// Lets users ask to join a group, or changes how.
    public Outcome<Named> offer(Actor actor, GroupId id, Wanted wanted) {
        return ledger.change(actor, change -> {
            Group group = change.found(change.stores().groups().find(change.tenant(), id), "group", id);
            Groups.joinable(change, group);
            return put(
                    change,
                    new Offer(Optional.empty(), group, group.displayName()),
                    wanted.orApproved(change.stores().groupOwners().of(change.tenant(), id)));
        });
    }

    /// Nobody can ask any more; requests that wait for an answer lapse, access that was granted stays as it
    /// was granted.
    public Outcome<AccessOffer> withdraw(Actor actor, String target) {
        return ledger.change(actor, change -> {
            AccessOffer offer = change.found(
                    change.stores().access().offer(change.tenant(), target), "access request settings of", target);
            Group group =
                    change.found(change.stores().groups().find(change.tenant(), offer.group()), "group", offer.group());
            int lapsed = AccessRequests.lapse(change, target);
            change.stores().access().withdraw(change.tenant(), target);
            change.note(
                    Activity.WITHDRAW_OFFER,
                    offer.group(),
                    group.displayName(),
                    Map.of("target", target, "lapsedRequests", Integer.toString(lapsed)));
            return offer;
        });
    }

    private record Offer(Optional<ServicePrincipalId> resource, Group group, String name) {}

    private static Named put(Change change, Offer what, Wanted wanted) {
        check(change, wanted);
        var offer = new AccessOffer(
                change.tenant(),
                what.resource(),
                what.group().id(),
                wanted.approval(),
                wanted.days(),
                wanted.approval() ? wanted.approvers() : List.of());
        change.stores().access().offer(offer);
        Named named = named(change.stores(), offer);
        change.note(
                Activity.OFFER_ACCESS,
                offer.group(),
                what.group().displayName(),
                Map.of(
                        "target", offer.target(),
                        "targetDisplayName", what.name(),
                        "isApprovalRequired", Boolean.toString(offer.approval()),
                        "approvers",
                                String.join(
                                        " ",
                                        named.approvers().stream()
                                                .map(User::userPrincipalName)
                                                .toList()),
                        "durationInDays", offer.days().map(Object::toString).orElse("")));
        return named;
    }

    private static void check(Change change, Wanted wanted) {
        if (wanted.days().filter(d -> d < 1 || d > DAYS_MAX).isPresent()) {
            throw Rejected.invalid(
                    "durationInDays", "durationInDays must be 1 to " + DAYS_MAX + ", or null for access that stays");
        }
        if (wanted.approvers().size() > APPROVERS_MAX) {
            throw Rejected.invalid("approverIds", "approverIds may name " + APPROVERS_MAX + " users at most (4.4)");
        }
        if (wanted.approval() && wanted.approvers().isEmpty()) {
            throw Rejected.invalid(
                    "approverIds",
                    "nobody could decide: there is no owner. Name who does (approverIds, --approver), or let"
                            + " everybody in (isApprovalRequired false, --without-approval)");
        }
        for (UserId approver : wanted.approvers()) {
            if (change.stores().users().find(change.tenant(), approver).isEmpty()) {
                throw Rejected.invalid(
                        "approverIds", "approverIds holds '" + approver + "', who is no user of this tenant");
            }
        }
    }

    private static List<UserId> owners(Change change, ServicePrincipal principal) {
        return change.stores()
                .applications()
                .findByAppId(principal.appId())
                .map(application -> change.stores().owners().of(change.tenant(), application.id()))
                .orElse(List.of());
    }

    private static void refuseUnfit(Change change, ServicePrincipal principal) {
        Application application = change.stores()
                .applications()
                .findByAppId(principal.appId())
                .orElseThrow(() -> Rejected.conflict("'" + principal.displayName() + "' has no registration here"));
        if (application.system()) {
            throw Rejected.forbidden("'" + principal.displayName() + "' belongs to Postern itself; nobody asks for it");
        }
        if (application.publicClient()) {
            throw Rejected.conflict("'" + principal.displayName()
                    + "' is a public client; users cannot ask for those (4.4): assign them, or switch isFallbackPublicClient"
                    + " off");
        }
    }

    /// Whoever decides who becomes a member could let himself into whatever else the group opens: choosing
    /// it takes the right to change groups, and so does keeping one that opens more than this application.
    private static Group chosen(Change change, GroupId id, Optional<AccessOffer> before, ServicePrincipal principal) {
        Group group = change.stores()
                .groups()
                .find(change.tenant(), id)
                .orElseThrow(() -> Rejected.invalid("groupId", "there is no group '" + id + "'"));
        Groups.joinable(change, group);
        boolean changesGroups = change.actor().isService()
                || AdminRole.actions(Authority.rolesOf(change)).contains(Action.GROUPS_WRITE);
        boolean same = before.map(AccessOffer::group).filter(id::equals).isPresent();
        boolean more = change.stores().assignments().ofPrincipal(change.tenant(), id.value()).stream()
                .map(Assignment::resource)
                .anyMatch(other -> !other.equals(principal.id()));
        if (!changesGroups && (!same || more)) {
            throw Rejected.forbidden("'" + change.actor().name() + "' may not let people into group '"
                    + group.displayName() + "'; leave groupId out to have one made for '" + principal.displayName()
                    + "', or ask a Groups Administrator");
        }
        return group;
    }

    private static Group made(Change change, ServicePrincipal principal) {
        var group = new Group(
                change.tenant(),
                GroupId.random(),
                principal.displayName() + " - access on request",
                Optional.of("Members asked for access to " + principal.displayName() + " and got it."),
                change.now());
        change.stores().groups().insert(group);
        change.note(Activity.ADD_GROUP, group.id(), group.displayName());
        return group;
    }

    private static void assign(Change change, ServicePrincipal principal, Group group, String role) {
        boolean assigned = change
                .stores()
                .assignments()
                .ofPrincipal(change.tenant(), group.id().value())
                .stream()
                .anyMatch(a ->
                        a.resource().equals(principal.id()) && a.appRoleId().equals(role));
        if (!assigned) {
            Assignments.assign(
                    change, principal.id(), Assignments.Wanted.of(group.id().value(), role));
        }
    }
}
