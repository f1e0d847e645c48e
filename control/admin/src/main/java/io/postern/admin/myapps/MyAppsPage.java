package io.postern.admin.myapps;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.admin.service.AccessServices;
import io.postern.admin.service.OwnPasswords;
import io.postern.admin.service.Site;
import io.postern.domain.directory.Attributes;
import io.postern.store.AppCollection;
import io.postern.store.ProfileStore.Logo;
import io.postern.store.Store;
import io.postern.store.User;
import io.postern.web.AppsPage;
import io.postern.web.Json;
import io.postern.web.Languages;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.Portal;
import io.postern.web.RequestFacts;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /` on the My Apps host, as a page or as JSON. The gateway has signed the user in; without its
/// word nobody is shown anything.
public final class MyAppsPage {
    private static final int SEARCH_MAX = 120;

    private final Tiles tiles;
    private final Pages pages;
    private final PortalDesk desk;
    private final AccessPages access;
    private final ArrangingPages arranging;
    private final PasswordPages passwords;

    public MyAppsPage(
            Store store, Site site, AccessServices access, OwnPasswords passwords, Pages pages, InstantSource clock) {
        this.tiles = new Tiles(store, site, access.catalogue(), passwords, clock);
        this.pages = pages;
        this.desk = new PortalDesk(store, site, access);
        this.access = new AccessPages(desk, access, pages);
        this.arranging = new ArrangingPages(desk, tiles, store, pages, clock);
        this.passwords = new PasswordPages(desk, tiles, passwords, pages);
    }

    public void mount(HttpRouting.Builder myApps) {
        pages.mount(myApps);
        myApps.get("/", inItsLanguage(this::show));
        myApps.get("/logos/{appId}", this::logo);
        myApps.get("/launch/{appId}", inItsLanguage(this::launch));
        myApps.get("/arrange", inItsLanguage(ofUser(arranging::show)));
        myApps.post("/arrange", inItsLanguage(ofUser(arranging::change)));
        myApps.get("/password/{appId}", inItsLanguage(ofUser(passwords::show)));
        myApps.post("/password/{appId}", inItsLanguage(ofUser(passwords::change)));
        myApps.get("/requests", inItsLanguage(ofUser(access::requests)));
        myApps.post("/requests", inItsLanguage(ofUser(access::ask)));
        myApps.get("/approvals", inItsLanguage(ofUser(access::approvals)));
        myApps.post("/approvals", inItsLanguage(ofUser(access::decide)));
    }

    private interface OfUser {
        void answer(ServerRequest request, ServerResponse response, User user);
    }

    private BiConsumer<ServerRequest, ServerResponse> ofUser(OfUser page) {
        return (request, response) -> desk.user(request)
                .ifPresentOrElse(
                        user -> Languages.preferred(
                                user.attributes().first(Attributes.PREFERRED_LANGUAGE),
                                () -> page.answer(request, response, user)),
                        () -> forbidden(request, response));
    }

    private void forbidden(ServerRequest request, ServerResponse response) {
        pages.send(
                response,
                403,
                pages.fault(
                        request,
                        pages.texts().of("apps.forbidden.heading"),
                        pages.texts().of("apps.forbidden.text"),
                        ""));
    }

    /// Where neither browser nor user says one, that of the tenant whose user the gateway signed in.
    private Handler inItsLanguage(BiConsumer<ServerRequest, ServerResponse> page) {
        return (request, response) -> Languages.ofTenant(
                () -> RequestFacts.of(request).signedIn().flatMap(who -> tiles.language(who.tenant())),
                () -> page.accept(request, response));
    }

    /// Only of applications that the user has a tile or an offer of; whoever asks for another learns nothing.
    private void logo(ServerRequest request, ServerResponse response) {
        Optional<Logo> logo = RequestFacts.of(request)
                .signedIn()
                .flatMap(who -> AppIds.of(request).flatMap(app -> tiles.logo(who.tenant(), who.user(), app)));
        if (logo.isEmpty()) {
            response.status(404).send();
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, logo.get().mediaType());
        response.header(HeaderNames.create("x-content-type-options"), "nosniff");
        response.header(HeaderNames.CACHE_CONTROL, "private, max-age=300");
        response.send(Base64.getDecoder().decode(logo.get().base64()));
    }

    /// The user access URL: the gateway has signed the user in, and the application decides whether he may.
    private void launch(ServerRequest request, ServerResponse response) {
        Optional<String> start = RequestFacts.of(request)
                .signedIn()
                .flatMap(who -> AppIds.of(request).flatMap(app -> tiles.launch(who.tenant(), who.user(), app)));
        if (start.isEmpty()) {
            pages.send(
                    response,
                    404,
                    pages.fault(
                            request,
                            pages.texts().of("fault.notFound.heading"),
                            pages.texts().of("apps.launch.none"),
                            ""));
            return;
        }
        response.status(Status.FOUND_302)
                .header(HeaderNames.LOCATION, start.get())
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .send();
    }

    private void show(ServerRequest request, ServerResponse response) {
        var seen = RequestFacts.of(request).signedIn().flatMap(who -> tiles.of(who.tenant(), who.user()));
        if (seen.isEmpty()) {
            forbidden(request, response);
            return;
        }
        String search = Parameters.parse(request.prologue().query().rawValue())
                .one("search")
                .map(String::strip)
                .filter(text -> text.length() <= SEARCH_MAX)
                .orElse("");
        Optional<AppCollection> collection = collection(request, seen.get());
        List<Tiles.Tile> found = collection
                .map(seen.get()::in)
                .orElseGet(() -> seen.get().tiles())
                .stream()
                .filter(tile -> tile.name().toLowerCase(Locale.ROOT).contains(search.toLowerCase(Locale.ROOT)))
                .filter(tile -> !tile.hidden() || !search.isEmpty()) // what one looks for one finds
                .toList();
        if (wantsJson(request)) {
            Json.send(response, 200, json(seen.get(), found));
        } else {
            Languages.preferred(
                    seen.get().user().attributes().first(Attributes.PREFERRED_LANGUAGE),
                    () -> pages.send(response, 200, page(seen.get(), collection, found, search)));
        }
    }

    private static Optional<AppCollection> collection(ServerRequest request, Tiles.Seen seen) {
        return Parameters.parse(request.prologue().query().rawValue())
                .one("collection")
                .flatMap(id -> seen.collections().stream()
                        .filter(collection -> collection.id().equals(id))
                        .findFirst());
    }

    private AppsPage page(Tiles.Seen seen, Optional<AppCollection> shown, List<Tiles.Tile> found, String search) {
        return new AppsPage(
                desk.portal(seen.user(), Portal.Tab.APPS),
                search,
                seen.tiles().size(),
                choices(seen, shown),
                shown.flatMap(AppCollection::description).orElse(""),
                found.stream()
                        .map(tile -> AppsPage.Tile.of(
                                        tile.name(),
                                        tile.url(),
                                        tile.host(),
                                        Optional.of(tile.logo()).filter(path -> !path.isEmpty()))
                                .withPassword(tile.password()))
                        .toList());
    }

    /// Collections in which the user has nothing are not shown.
    private List<AppsPage.Choice> choices(Tiles.Seen seen, Optional<AppCollection> shown) {
        List<AppCollection> filled = seen.filled();
        if (filled.isEmpty()) {
            return List.of();
        }
        var choices = new ArrayList<AppsPage.Choice>();
        choices.add(new AppsPage.Choice(pages.texts().of("apps.all"), shown.isEmpty() ? "" : "/"));
        for (AppCollection collection : filled) {
            boolean here = shown.filter(collection::equals).isPresent();
            choices.add(new AppsPage.Choice(collection.name(), here ? "" : "/?collection=" + collection.id()));
        }
        return choices;
    }

    private static ObjectNode json(Tiles.Seen seen, List<Tiles.Tile> found) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.putObject("user")
                .put("displayName", seen.user().displayName())
                .put("userPrincipalName", seen.user().userPrincipalName());
        ArrayNode apps = body.putArray("apps");
        found.forEach(tile -> apps.addObject()
                .put("appId", tile.appId())
                .put("displayName", tile.name())
                .put("url", tile.url()));
        return body;
    }

    /// Browsers name text/html; only who asks for JSON and not for pages gets it.
    private static boolean wantsJson(ServerRequest request) {
        List<HttpMediaType> accepted = request.headers().acceptedTypes();
        return accepted.stream().anyMatch(type -> type.mediaType().equals(MediaTypes.APPLICATION_JSON))
                && accepted.stream().noneMatch(type -> type.mediaType().equals(MediaTypes.TEXT_HTML));
    }
}
