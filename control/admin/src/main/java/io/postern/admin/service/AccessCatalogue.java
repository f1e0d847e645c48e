package io.postern.admin.service;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.AccessOffer;
import io.postern.store.AccessRequest;
import io.postern.store.AccessRequest.State;
import io.postern.store.Group;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a user may ask for, what he asked for, and what others asked that he may decide (4.4).
public final class AccessCatalogue {
    private static final int MINE_MAX = 50;
    private static final int ALL_MAX = 1_000;

    /// Something to ask for.
    ///
    /// @param target names it in requests
    /// @param application empty for a group
    /// @param logo whether the application has a picture
    public record Item(
            String target,
            String name,
            String description,
            Optional<AppId> application,
            boolean logo,
            boolean approval,
            int days) {}

    /// A request with the names that people read.
    ///
    /// @param name of what was asked for; empty when it is gone
    /// @param asker empty when he is gone
    public record Named(AccessRequest request, String name, Optional<User> asker) {}

    /// What each page's head needs to know.
    ///
    /// @param requests whether there is anything to ask for, or was
    /// @param approver whether anything offered is this user's to decide
    /// @param waiting how many requests are
    public record Glance(boolean requests, boolean approver, int waiting) {}

    private final Ledger ledger;

    public AccessCatalogue(Ledger ledger) {
        this.ledger = ledger;
    }

    /// What the user has not, nor waits for, by name.
    public List<Item> open(TenantId tenant, UserId id) {
        return ledger.read(stores -> {
            Optional<User> user = stores.users().find(tenant, id);
            if (user.isEmpty()) {
                return List.of();
            }
            return offers(stores, user.get())
                    .flatMap(offer -> item(stores, offer).stream())
                    .sorted(Comparator.comparing((Item item) -> item.name().toLowerCase(Locale.ROOT))
                            .thenComparing(Item::target))
                    .toList();
        });
    }

    private Stream<AccessOffer> offers(Stores stores, User user) {
        TenantId tenant = user.tenant();
        Set<String> waiting = stores.access().ofUser(tenant, user.id(), ALL_MAX).stream()
                .filter(request -> request.state() == State.PENDING)
                .map(AccessRequest::target)
                .collect(Collectors.toSet());
        var groups = Set.copyOf(stores.groups().groupsOf(tenant, user.id()));
        var resources = stores.assignments()
                .resourcesOf(tenant, user.id(), ledger.clock().instant());
        return stores.access().offers(tenant).stream()
                .filter(offer -> !waiting.contains(offer.target()))
                .filter(offer -> !groups.contains(offer.group()))
                .filter(offer -> offer.resource().filter(resources::contains).isEmpty())
                .filter(offer -> mayAsk(stores, offer, user));
    }

    /// Without the names, which take a query each.
    public Glance glance(User user) {
        return ledger.read(stores -> {
            int waiting = stores.access().pendingFor(user.tenant(), user.id()).size();
            return new Glance(
                    !stores.access().ofUser(user.tenant(), user.id(), 1).isEmpty()
                            || offers(stores, user).findAny().isPresent(),
                    waiting > 0 || stores.access().isApprover(user.tenant(), user.id()),
                    waiting);
        });
    }

    /// Newest first.
    public List<Named> of(TenantId tenant, UserId user) {
        return ledger.read(stores -> named(stores, stores.access().ofUser(tenant, user, MINE_MAX)));
    }

    /// What waits for this approver, oldest first.
    public List<Named> inbox(TenantId tenant, UserId approver) {
        return ledger.read(stores -> named(stores, stores.access().pendingFor(tenant, approver)));
    }

    /// Everybody's, newest first.
    public List<Named> all(TenantId tenant) {
        return ledger.read(stores -> named(stores, stores.access().list(tenant, ALL_MAX)));
    }

    private static List<Named> named(Stores stores, List<AccessRequest> requests) {
        return requests.stream()
                .map(request -> new Named(
                        request, name(stores, request), stores.users().find(request.tenant(), request.user())))
                .toList();
    }

    /// Of the application, else of the group.
    static String name(Stores stores, AccessRequest request) {
        return stores.access()
                .offer(request.tenant(), request.target())
                .flatMap(offer -> item(stores, offer))
                .map(Item::name)
                .or(() ->
                        stores.groups().find(request.tenant(), request.group()).map(Group::displayName))
                .orElse("");
    }

    /// Disabled and hidden applications are nobody's to ask for, and guests see nothing that they are not
    /// given.
    static boolean mayAsk(Stores stores, AccessOffer offer, User user) {
        return AccessRequests.isMember(user)
                && (offer.resource().isEmpty()
                        || principal(stores, offer)
                                .filter(principal -> principal.accountEnabled() && principal.isVisible())
                                .isPresent());
    }

    private static Optional<ServicePrincipal> principal(Stores stores, AccessOffer offer) {
        return offer.resource().flatMap(id -> stores.servicePrincipals().find(offer.tenant(), id));
    }

    private static Optional<Item> item(Stores stores, AccessOffer offer) {
        int days = offer.days().orElse(0);
        if (offer.resource().isEmpty()) {
            return stores.groups()
                    .find(offer.tenant(), offer.group())
                    .map(group -> new Item(
                            offer.target(),
                            group.displayName(),
                            group.description().orElse(""),
                            Optional.empty(),
                            false,
                            offer.approval(),
                            days));
        }
        return principal(stores, offer)
                .map(principal -> new Item(
                        offer.target(),
                        principal.displayName(),
                        "",
                        Optional.of(principal.appId()),
                        stores.applications()
                                .findByAppId(principal.appId())
                                .filter(application -> stores.profiles().hasLogo(offer.tenant(), application.id()))
                                .isPresent(),
                        offer.approval(),
                        days));
    }
}
