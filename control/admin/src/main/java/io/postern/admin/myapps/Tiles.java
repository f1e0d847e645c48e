package io.postern.admin.myapps;

import io.postern.admin.service.AppCollections;
import io.postern.admin.service.Site;
import io.postern.domain.AppId;
import io.postern.domain.OwnHost;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.domain.signon.SignOnAddresses;
import io.postern.store.AppArrangement;
import io.postern.store.AppCollection;
import io.postern.store.ProfileStore.Logo;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import java.net.URI;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a user sees in My Apps: applications that he is assigned to and that are visible, even where no
/// assignment is required (ASG-1).
final class Tiles {
    private static final int MAX = 950; // the original's limit

    /// @param id of the service principal
    /// @param hasLogo shown in place of the first letter
    /// @param hidden the user does not want to see it
    record Tile(String id, String appId, String name, String url, String host, boolean hasLogo, boolean hidden) {}

    /// @param tiles in the user's own order, hidden ones too
    /// @param collections of administrators for him, then his own
    record Seen(User user, List<Tile> tiles, List<AppCollection> collections) {
        /// Those of a collection, in its order.
        List<Tile> in(AppCollection collection) {
            return collection.apps().stream()
                    .flatMap(id -> tiles.stream().filter(tile -> tile.id().equals(id)))
                    .toList();
        }
    }

    private final Store store;
    private final Site site;
    private final InstantSource clock;

    Tiles(Store store, Site site, InstantSource clock) {
        this.store = store;
        this.site = site;
        this.clock = clock;
    }

    /// @return empty when there is no such user, or not any more
    Optional<Seen> of(TenantId tenant, UserId id) {
        return store.read(stores -> stores.users()
                .find(tenant, id)
                .filter(User::accountEnabled)
                .map(user -> new Seen(user, tiles(stores, user), AppCollections.seenBy(stores, user))));
    }

    /// Of pages for the tenant's users; empty: not set.
    Optional<String> language(TenantId tenant) {
        return store.read(stores -> stores.tenants().settings(tenant)).language();
    }

    /// The logo of an application that the user sees a tile of.
    Optional<Logo> logo(TenantId tenant, UserId id, String appId) {
        boolean seen = of(tenant, id)
                .map(s -> s.tiles().stream().anyMatch(tile -> tile.appId().equals(appId)))
                .orElse(false);
        return seen
                ? store.read(stores -> stores.applications()
                        .findByAppId(new AppId(appId))
                        .flatMap(application -> stores.profiles().logo(tenant, application.id())))
                : Optional.empty();
    }

    private List<Tile> tiles(Stores stores, User user) {
        AppArrangement arrangement = stores.portal().arrangement(user.tenant(), user.id());
        List<String> first = arrangement.order();
        return stores.assignments().resourcesOf(user.tenant(), user.id(), clock.instant()).stream()
                .flatMap(resource -> stores.servicePrincipals().find(user.tenant(), resource).stream())
                .filter(principal -> principal.isVisible() && principal.accountEnabled())
                .flatMap(principal -> tile(stores, principal, arrangement).stream())
                .sorted(Comparator.comparingInt(
                                (Tile tile) -> first.contains(tile.id()) ? first.indexOf(tile.id()) : Integer.MAX_VALUE)
                        .thenComparing(tile -> tile.name().toLowerCase(Locale.ROOT))
                        .thenComparing(Tile::appId))
                .limit(MAX)
                .toList();
    }

    private Optional<Tile> tile(Stores stores, ServicePrincipal principal, AppArrangement arrangement) {
        return stores.applications()
                .findByAppId(principal.appId())
                .flatMap(application -> start(stores, principal, application)
                        .map(url -> new Tile(
                                principal.id().value(),
                                application.appId().value(),
                                application.displayName(),
                                url,
                                host(url),
                                stores.profiles()
                                        .logo(application.tenant(), application.id())
                                        .isPresent(),
                                arrangement.hidden().contains(principal.id().value()))));
    }

    /// Where the user access URL of an application leads (4.1), visible or not. Whoever may not use it is told so
    /// there.
    Optional<String> start(TenantId tenant, AppId appId) {
        return store.read(stores -> stores.servicePrincipals()
                .findByAppId(tenant, appId)
                .flatMap(principal -> stores.applications()
                        .findByAppId(appId)
                        .flatMap(application -> start(stores, principal, application))));
    }

    /// The sign-on of its own first (3.4.3), then the home page (PUB-15), then the external URL.
    private Optional<String> start(Stores stores, ServicePrincipal principal, Application application) {
        return stores.samlSignOns()
                .stored(principal.tenant(), principal.appId())
                .flatMap(signOn -> signOn.start(new SignOnAddresses(site.origin(OwnHost.LOGIN), principal.tenant())))
                .or(application::homePageUrl)
                .map(site::withPort)
                .or(() -> application
                        .publishing()
                        .map(Publishing::externalUrl)
                        .filter(url -> !url.host().isWildcard()) // WILD-6: a wildcard is no URL to go to
                        .map(site::show));
    }

    private static String host(String url) {
        String host = URI.create(url).getHost();
        return host == null ? "" : host;
    }
}
