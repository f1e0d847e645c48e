package io.postern.admin.myapps;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.store.AppArrangement;
import io.postern.store.AppCollection;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import io.postern.web.AppsPage;
import io.postern.web.ArrangePage;
import io.postern.web.Bodies;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.Portal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// `/arrange` on the My Apps host: each user's own order, hidden tiles and collections (4.5). It changes
/// what he sees and nothing that he may, so it is no matter for the audit log.
final class ArrangingPages {
    private static final String FORM = "arrange";
    private static final int COLLECTIONS_MAX = 30;
    private static final int NAME_MAX = 120;

    private final PortalDesk desk;
    private final Tiles tiles;
    private final Store store;
    private final Pages pages;
    private final InstantSource clock;

    ArrangingPages(PortalDesk desk, Tiles tiles, Store store, Pages pages, InstantSource clock) {
        this.desk = desk;
        this.tiles = tiles;
        this.store = store;
        this.pages = pages;
        this.clock = clock;
    }

    void show(ServerRequest request, ServerResponse response, User user) {
        boolean done = Parameters.parse(request.prologue().query().rawValue())
                .one("done")
                .isPresent();
        show(request, response, user, done ? pages.texts().of("arrange.done.saved") : "", "");
    }

    private void show(ServerRequest request, ServerResponse response, User user, String done, String error) {
        List<ArrangePage.App> apps = tiles.of(user.tenant(), user.id()).stream()
                .flatMap(seen -> seen.tiles().stream())
                .map(tile -> new ArrangePage.App(
                        tile.id(),
                        tile.name(),
                        AppsPage.Tile.initial(tile.name()),
                        AppsPage.Tile.hue(tile.name()),
                        tile.logo(),
                        tile.hidden()))
                .toList();
        List<AppCollection> own = store.read(stores -> stores.portal().own(user.tenant(), user.id()));
        pages.send(
                response,
                error.isEmpty() ? 200 : 409,
                new ArrangePage(
                        desk.portal(user, Portal.Tab.ARRANGE),
                        pages.csrf().token(request, response, FORM),
                        apps,
                        own.stream().map(collection -> shown(collection, apps)).toList(),
                        done,
                        error));
    }

    private static ArrangePage.Collection shown(AppCollection collection, List<ArrangePage.App> apps) {
        return new ArrangePage.Collection(
                collection.id(),
                collection.name(),
                collection.apps().stream()
                        .flatMap(id -> apps.stream().filter(app -> app.id().equals(id)))
                        .toList(),
                apps.stream()
                        .filter(app -> !collection.apps().contains(app.id()))
                        .toList());
    }

    void change(ServerRequest request, ServerResponse response, User user) {
        Parameters form = Bodies.form(request);
        if (!form.repeated().isEmpty() || !pages.csrf().accepts(request, FORM, form)) {
            show(request, response, user, "", pages.texts().of("access.fault.page"));
            return;
        }
        if (!isDone(user, form)) {
            show(request, response, user, "", pages.texts().of("arrange.fault"));
            return;
        }
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, "/arrange?done=saved")
                .send();
    }

    /// Only what the user has a tile of is moved or collected, and only what is his own is changed.
    private boolean isDone(User user, Parameters form) {
        List<String> ids = tiles.of(user.tenant(), user.id()).stream()
                .flatMap(seen -> seen.tiles().stream())
                .map(Tiles.Tile::id)
                .toList();
        String app = form.oneOrEmpty("app");
        String what = form.oneOrEmpty("do");
        return switch (what) {
            case "up", "down", "hide", "show" ->
                ids.contains(app) && store.write(s -> arranged(s, user, ids, app, what));
            case "create" ->
                store.write(s -> created(s, user, form.oneOrEmpty("name").strip()));
            case "put", "take", "remove" ->
                store.write(s -> own(s, user, form.oneOrEmpty("collection"))
                        .filter(collection -> changed(s, collection, ids, app, what))
                        .isPresent());
            default -> false;
        };
    }

    private static boolean arranged(Stores stores, User user, List<String> ids, String app, String what) {
        AppArrangement old = stores.portal().arrangement(user.tenant(), user.id());
        var order = new ArrayList<>(ids);
        var hidden = new ArrayList<>(old.hidden());
        int at = order.indexOf(app);
        switch (what) {
            case "up" -> Collections.swap(order, at, Math.max(at - 1, 0));
            case "down" -> Collections.swap(order, at, Math.min(at + 1, order.size() - 1));
            case "hide" -> hidden.add(app);
            default -> hidden.remove(app);
        }
        boolean moved = what.equals("up") || what.equals("down");
        stores.portal()
                .arrange(
                        user.tenant(),
                        user.id(),
                        new AppArrangement(
                                moved ? order : old.order(),
                                hidden.stream().distinct().filter(ids::contains).toList()));
        return true;
    }

    private boolean created(Stores stores, User user, String name) {
        if (name.isEmpty()
                || name.length() > NAME_MAX
                || stores.portal().own(user.tenant(), user.id()).size() >= COLLECTIONS_MAX) {
            return false;
        }
        stores.portal()
                .put(new AppCollection(
                        user.tenant(),
                        UUID.randomUUID().toString(),
                        Optional.of(user.id()),
                        name,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        clock.instant()));
        return true;
    }

    private static Optional<AppCollection> own(Stores stores, User user, String id) {
        return stores.portal()
                .find(user.tenant(), id)
                .filter(collection ->
                        collection.owner().filter(user.id()::equals).isPresent());
    }

    private static boolean changed(Stores stores, AppCollection collection, List<String> ids, String app, String what) {
        if (what.equals("remove")) {
            return stores.portal().delete(collection.tenant(), collection.id());
        }
        if (!ids.contains(app)) {
            return false;
        }
        var apps = new ArrayList<>(collection.apps());
        apps.remove(app);
        if (what.equals("put")) {
            apps.add(app);
        }
        stores.portal()
                .put(new AppCollection(
                        collection.tenant(),
                        collection.id(),
                        collection.owner(),
                        collection.name(),
                        collection.description(),
                        apps,
                        collection.people(),
                        collection.created()));
        return true;
    }
}
