package io.postern.admin.myapps;

import io.postern.admin.service.AccessCatalogue;
import io.postern.admin.service.AppCollections;
import io.postern.admin.service.OwnPasswords;
import io.postern.admin.service.Site;
import io.postern.domain.AppId;
import io.postern.domain.ObjectId;
import io.postern.domain.OwnHost;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.domain.signon.SamlSignOn;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a user sees in My Apps: applications that he is assigned to and that are visible, even where no
/// assignment is required (ASG-1).
final class Tiles {
    private static final int MAX = 950; // the original's limit

    /// @param id of the service principal
    /// @param hasLogo shown in place of the first letter
    /// @param hidden the user does not want to see it
    /// @param password path of the page for the name and password that the application wants; empty: wants
    ///     none, or a group has them
    record Tile(
            String id,
            String appId,
            String name,
            String url,
            String host,
            boolean hasLogo,
            boolean hidden,
            String password) {
        /// Path of the picture; empty: none.
        String logo() {
            return hasLogo ? "/logos/" + appId : "";
        }
    }

    /// @param tiles in the user's own order, hidden ones too
    /// @param collections of administrators for him, then his own
    record Seen(User user, List<Tile> tiles, List<AppCollection> collections) {
        /// Those of a collection, in its order.
        List<Tile> in(AppCollection collection) {
            Map<String, Tile> byId = tiles.stream().collect(Collectors.toMap(Tile::id, tile -> tile));
            return collection.apps().stream()
                    .flatMap(id -> Optional.ofNullable(byId.get(id)).stream())
                    .toList();
        }

        /// Collections in which the user has something.
        List<AppCollection> filled() {
            Set<String> ids = tiles.stream().map(Tile::id).collect(Collectors.toSet());
            return collections.stream()
                    .filter(collection -> collection.apps().stream().anyMatch(ids::contains))
                    .toList();
        }
    }

    private final Store store;
    private final Site site;
    private final AccessCatalogue catalogue;
    private final OwnPasswords passwords;
    private final InstantSource clock;

    Tiles(Store store, Site site, AccessCatalogue catalogue, OwnPasswords passwords, InstantSource clock) {
        this.store = store;
        this.site = site;
        this.catalogue = catalogue;
        this.passwords = passwords;
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

    /// The logo of an application that the user sees a tile of, or an offer.
    Optional<Logo> logo(TenantId tenant, UserId id, AppId appId) {
        boolean seen = store.read(stores -> isSeen(stores, tenant, id, appId))
                || catalogue.open(tenant, id).stream()
                        .anyMatch(
                                item -> item.application().filter(appId::equals).isPresent());
        return seen
                ? store.read(stores -> stores.applications()
                        .findByAppId(appId)
                        .flatMap(application -> stores.profiles().logo(tenant, application.id())))
                : Optional.empty();
    }

    private boolean isSeen(Stores stores, TenantId tenant, UserId id, AppId appId) {
        return stores.users().find(tenant, id).filter(User::accountEnabled).isPresent()
                && stores.servicePrincipals()
                        .findByAppId(tenant, appId)
                        .filter(Tiles::isShown)
                        .filter(principal -> stores.assignments()
                                .resourcesOf(tenant, id, clock.instant())
                                .contains(principal.id()))
                        .isPresent();
    }

    private static boolean isShown(ServicePrincipal principal) {
        return principal.isVisible() && principal.accountEnabled();
    }

    /// A handful of queries, however many tiles there are, and some more for each that wants a password.
    private List<Tile> tiles(Stores stores, User user) {
        TenantId tenant = user.tenant();
        List<ServicePrincipal> principals = stores
                .servicePrincipals()
                .find(tenant, stores.assignments().resourcesOf(tenant, user.id(), clock.instant()))
                .stream()
                .filter(Tiles::isShown)
                .toList();
        List<AppId> appIds = principals.stream().map(ServicePrincipal::appId).toList();
        Map<AppId, Application> applications = stores.applications().findByAppId(appIds).stream()
                .collect(Collectors.toMap(Application::appId, application -> application));
        Map<AppId, SamlSignOn> signOns = stores.samlSignOns().stored(tenant, appIds).stream()
                .collect(Collectors.toMap(SamlSignOn::application, signOn -> signOn));
        Set<ObjectId> logos = stores.profiles().withLogo(tenant);
        AppArrangement arrangement = stores.portal().arrangement(tenant, user.id());
        Map<String, Integer> places = new HashMap<>();
        arrangement.order().forEach(id -> places.putIfAbsent(id, places.size()));
        Set<String> hidden = Set.copyOf(arrangement.hidden());
        Map<ServicePrincipalId, OwnPasswords.State> own = applications.values().stream()
                .filter(OwnPasswords::isByPassword)
                .flatMap(application -> passwords.state(stores, user, application.appId()).stream())
                .collect(Collectors.toMap(state -> state.application().id(), state -> state));
        return principals.stream()
                .flatMap(principal -> Optional.ofNullable(applications.get(principal.appId())).stream()
                        .flatMap(application ->
                                start(application, Optional.ofNullable(signOns.get(principal.appId())), tenant).stream()
                                        .map(url -> new Tile(
                                                principal.id().value(),
                                                application.appId().value(),
                                                application.displayName(),
                                                passwordFirst(own.get(principal.id()))
                                                        .orElse(url),
                                                host(url),
                                                logos.contains(application.id()),
                                                hidden.contains(principal.id().value()),
                                                Optional.ofNullable(own.get(principal.id()))
                                                        .filter(state -> !state.ofGroup())
                                                        .map(Tiles::passwordPath)
                                                        .orElse("")))))
                .sorted(Comparator.comparingInt((Tile tile) -> places.getOrDefault(tile.id(), Integer.MAX_VALUE))
                        .thenComparing(tile -> tile.name().toLowerCase(Locale.ROOT))
                        .thenComparing(Tile::appId))
                .limit(MAX)
                .toList();
    }

    /// Where the user access URL of an application leads (4.1), visible or not. Whoever may not use it is told so
    /// there.
    Optional<String> start(TenantId tenant, AppId appId) {
        return store.read(stores -> stores.servicePrincipals()
                .findByAppId(tenant, appId)
                .flatMap(principal -> stores.applications()
                        .findByAppId(appId)
                        .flatMap(application ->
                                start(application, stores.samlSignOns().stored(tenant, appId), tenant))));
    }

    /// As [#start], by the page where this user gives a name and a password first when the application wants
    /// them.
    Optional<String> launch(TenantId tenant, UserId id, AppId appId) {
        return start(tenant, appId)
                .map(url -> store.read(stores -> stores.users()
                                .find(tenant, id)
                                .filter(User::accountEnabled)
                                .flatMap(user -> passwords.state(stores, user, appId)))
                        .flatMap(Tiles::passwordFirst)
                        .orElse(url));
    }

    private static Optional<String> passwordFirst(OwnPasswords.@Nullable State state) {
        return Optional.ofNullable(state).filter(OwnPasswords.State::isMissing).map(Tiles::passwordPath);
    }

    private static String passwordPath(OwnPasswords.State state) {
        return PasswordPages.path(state.application().appId());
    }

    /// The sign-on of its own first (3.4.3), then the home page (PUB-15), then the external URL.
    private Optional<String> start(Application application, Optional<SamlSignOn> ownSignOn, TenantId tenant) {
        return ownSignOn
                .flatMap(signOn -> signOn.start(new SignOnAddresses(site.origin(OwnHost.LOGIN), tenant)))
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
