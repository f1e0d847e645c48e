package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Paging.Filter;
import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Assignments;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Services;
import io.postern.admin.service.UserDraft;
import io.postern.admin.service.Users;
import io.postern.base.Secret;
import io.postern.domain.directory.Action;
import io.postern.store.Group;
import io.postern.store.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// `users` and `me`.
final class UsersResource {
    private static final String DISPLAY_NAME = "displayName";
    private static final String PRINCIPAL_NAME = "userPrincipalName";

    private final Users users;
    private final Assignments assignments;
    private final Shapes shapes;

    UsersResource(Services services, Shapes shapes) {
        this.users = services.users();
        this.assignments = services.assignments();
        this.shapes = shapes;
    }

    List<Route> routes() {
        String one = "/users/{id}";
        return List.of(
                Route.own("/me", this::me),
                Route.list(Action.DIRECTORY_READ, "/users", this::list),
                Route.change(Action.USERS_WRITE, Verb.POST, "/users", this::create)
                        .or(Action.GUESTS_INVITE),
                Route.get(Action.DIRECTORY_READ, one, call -> Reply.ok(shapes.user(find(call)))),
                Route.change(Action.USERS_WRITE, Verb.PATCH, one, this::patch).or(Action.PASSWORD_RESET),
                Route.change(Action.USERS_WRITE, Verb.DELETE, one, this::delete),
                Route.change(Action.SESSIONS_REVOKE, Verb.POST, one + "/revokeSignInSessions", this::revokeSessions),
                Route.list(Action.DIRECTORY_READ, one + "/memberOf", this::memberOf),
                Route.list(Action.DIRECTORY_READ, one + "/appRoleAssignments", this::assignments));
    }

    private Reply me(Call call) {
        return Reply.ok(
                shapes.user(expectDone(users.find(call.tenant(), call.actor().principal()))));
    }

    private Reply list(Call call) {
        Optional<Filter> filter = Paging.filter(call, Set.of(DISPLAY_NAME, PRINCIPAL_NAME));
        Predicate<User> wanted = filter.<Predicate<User>>map(f -> user ->
                        f.matches(f.property().equals(PRINCIPAL_NAME) ? user.userPrincipalName() : user.displayName()))
                .orElse(_ -> true);
        int top = Paging.top(call);
        List<User> found = users.list(call.tenant(), Paging.after(call), wanted, top + 1);
        return Paging.reply(call, found, top, User::userPrincipalName, shapes::user);
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        UserDraft draft = draft(form);
        form.finish();
        return Reply.created(shapes.user(expectDone(users.create(call.actor(), draft))));
    }

    private Reply patch(Call call) {
        JsonForm form = call.form();
        UserDraft draft = draft(form);
        form.finish();
        expectDone(users.patch(call.actor(), find(call).id(), draft));
        return Reply.NO_CONTENT;
    }

    private static UserDraft draft(JsonForm form) {
        Optional<JsonForm> profile = form.object("passwordProfile");
        Edit<Secret> password =
                profile.map(p -> p.text("password").map(Secret::of)).orElse(Edit.none());
        Edit<Boolean> force =
                profile.map(p -> p.flag("forceChangePasswordNextSignIn")).orElse(Edit.none());
        if (profile.isPresent() && password.value().isEmpty()) {
            form.fault("passwordProfile.password", "passwordProfile needs a password");
        }
        return new UserDraft(
                form.text(PRINCIPAL_NAME),
                form.text(DISPLAY_NAME),
                form.clearable("givenName"),
                form.clearable("surname"),
                form.clearable("mail"),
                form.flag("accountEnabled"),
                password,
                force);
    }

    private Reply delete(Call call) {
        expectDone(users.delete(call.actor(), find(call).id()));
        return Reply.NO_CONTENT;
    }

    private Reply revokeSessions(Call call) {
        expectDone(users.revokeSessions(call.actor(), find(call).id()));
        return Reply.ok(Shapes.object().put("value", true));
    }

    private Reply memberOf(Call call) {
        return Paging.page(
                call,
                expectDone(users.groupsOf(call.tenant(), find(call).id())),
                g -> g.displayName() + "\0" + g.id(),
                Map.of(DISPLAY_NAME, Group::displayName),
                shapes::group);
    }

    private Reply assignments(Call call) {
        return Paging.page(
                call,
                expectDone(assignments.ofUser(call.tenant(), find(call).id())),
                a -> a.resourceName() + "\0" + a.assignment().id(),
                Map.of("resourceDisplayName", Assignments.Named::resourceName),
                shapes::assignment);
    }

    /// By id or user principal name.
    private User find(Call call) {
        return expectDone(users.find(call.tenant(), call.text("id")));
    }
}
