package io.postern.admin.myapps;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.admin.service.OwnPasswords;
import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.store.ApplicationPassword;
import io.postern.store.User;
import io.postern.web.AppPasswordPage;
import io.postern.web.AppsPage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.Portal;
import java.util.Arrays;
import java.util.Optional;

/// `/password/{appId}` on the My Apps host: the name and the password by which an application knows a user,
/// given at the first launch and changed or deleted later (PWD-2).
final class PasswordPages {
    private static final String FORM = "app-password";

    private final PortalDesk desk;
    private final Tiles tiles;
    private final OwnPasswords passwords;
    private final Pages pages;

    PasswordPages(PortalDesk desk, Tiles tiles, OwnPasswords passwords, Pages pages) {
        this.desk = desk;
        this.tiles = tiles;
        this.passwords = passwords;
        this.pages = pages;
    }

    static String path(AppId app) {
        return "/password/" + app;
    }

    void show(ServerRequest request, ServerResponse response, User user) {
        boolean done = Parameters.parse(request.prologue().query().rawValue())
                .one("done")
                .filter("deleted"::equals)
                .isPresent();
        show(request, response, user, 200, done ? pages.texts().of("appPassword.done") : "", "", Optional.empty());
    }

    private void show(
            ServerRequest request,
            ServerResponse response,
            User user,
            int status,
            String done,
            String error,
            Optional<String> typed) {
        Optional<AppId> app = AppIds.of(request);
        Optional<OwnPasswords.State> found = app.flatMap(id -> passwords.find(user, id));
        if (found.isEmpty()) {
            pages.send(
                    response,
                    404,
                    pages.fault(
                            request,
                            pages.texts().of("fault.notFound.heading"),
                            pages.texts().of("appPassword.none"),
                            ""));
            return;
        }
        OwnPasswords.State state = found.get();
        pages.send(
                response,
                status,
                new AppPasswordPage(
                        desk.portal(user, Portal.Tab.APPS),
                        pages.csrf().token(request, response, FORM),
                        path(app.orElseThrow()),
                        state.name(),
                        AppsPage.Tile.initial(state.name()),
                        AppsPage.Tile.hue(state.name()),
                        typed.or(state::userName).orElse(""),
                        state.userName().isPresent(),
                        state.ofGroup(),
                        done,
                        error));
    }

    void change(ServerRequest request, ServerResponse response, User user) {
        // the server's buffer of a connection keeps what was read last, so this connection ends with the answer
        response.header(HeaderNames.CONNECTION, "close");
        PasswordForm form = PasswordForm.read(request);
        try {
            change(request, response, user, form);
        } finally {
            Arrays.fill(form.password(), (byte) 0);
        }
    }

    private void change(ServerRequest request, ServerResponse response, User user, PasswordForm form) {
        Parameters rest = form.rest();
        Optional<String> typed = rest.one("name").map(String::strip);
        if (!rest.repeated().isEmpty() || !pages.csrf().accepts(request, FORM, rest)) {
            show(request, response, user, 409, "", pages.texts().of("access.fault.page"), typed);
            return;
        }
        Optional<AppId> found = AppIds.of(request);
        if (found.isEmpty()) {
            show(request, response, user);
            return;
        }
        AppId app = found.get();
        boolean delete = rest.oneOrEmpty("do").equals("delete");
        Outcome<ApplicationPassword> outcome = delete
                ? passwords.delete(PortalDesk.actor(request, user), user, app)
                : passwords.set(PortalDesk.actor(request, user), user, app, typed.orElse(""), form.password());
        switch (outcome) {
            case Outcome.Done<ApplicationPassword> _ -> {
                String home = tiles.start(user.tenant(), app).orElse("/");
                response.status(Status.SEE_OTHER_303)
                        .header(HeaderNames.LOCATION, delete ? path(app) + "?done=deleted" : home)
                        .send();
            }
            case Outcome.Invalid<ApplicationPassword> _ ->
                show(request, response, user, 400, "", pages.texts().of("appPassword.fault.invalid"), typed);
            case Outcome.Conflict<ApplicationPassword> _ ->
                show(request, response, user, 409, "", pages.texts().of("appPassword.fault.conflict"), typed);
            case Outcome.NotFound<ApplicationPassword> _, Outcome.Forbidden<ApplicationPassword> _ ->
                show(request, response, user, 409, "", pages.texts().of("appPassword.fault.gone"), typed);
        }
    }
}
