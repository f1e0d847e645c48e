package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Paging.Filter;
import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Assignments;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Services;
import io.postern.admin.service.UserDraft;
import io.postern.admin.service.UserImport;
import io.postern.admin.service.Users;
import io.postern.base.Secret;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.Attributes;
import io.postern.store.Group;
import io.postern.store.User;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `users` and `me`.
final class UsersResource {
    private static final String DISPLAY_NAME = "displayName";
    private static final String PRINCIPAL_NAME = "userPrincipalName";

    private static final Pattern SEARCH = Pattern.compile("\"(?:displayName:)?([^\"]{1,256})\"");
    private static final Set<String> FILTERED = filtered();

    private static final int IMPORT_MAX = 10_000;

    private final Users users;
    private final UserImport userImport;
    private final Assignments assignments;
    private final Shapes shapes;

    UsersResource(Services services, Shapes shapes) {
        this.users = services.users();
        this.userImport = services.userImport();
        this.assignments = services.assignments();
        this.shapes = shapes;
    }

    List<Route> routes() {
        String one = "/users/{id}";
        return List.of(
                Route.own("/me", this::me),
                Route.list(Action.DIRECTORY_READ, "/users", this::list).with("$search"),
                Route.change(Action.USERS_WRITE, Verb.POST, "/users", this::create)
                        .or(Action.GUESTS_INVITE),
                Route.change(Action.USERS_WRITE, Verb.POST, "/users/import", this::importAll),
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
        Optional<Filter> filter = Paging.filter(call, FILTERED);
        Predicate<User> wanted = filter.<Predicate<User>>map(f ->
                        user -> property(user, f.property()).filter(f::matches).isPresent())
                .orElse(_ -> true);
        int top = Paging.top(call);
        List<User> found = users.list(call.tenant(), Paging.after(call), wanted.and(searched(call)), top + 1);
        return Paging.reply(call, found, top, User::userPrincipalName, shapes::user);
    }

    private static Optional<String> property(User user, String name) {
        return switch (name) {
            case DISPLAY_NAME -> Optional.of(user.displayName());
            case PRINCIPAL_NAME -> Optional.of(user.userPrincipalName());
            case "id" -> Optional.of(user.id().value());
            case "givenName" -> user.givenName();
            case "surname" -> user.surname();
            case "mail" -> user.mail();
            case "accountEnabled" -> Optional.of(Boolean.toString(user.accountEnabled()));
            case Attributes.USER_TYPE -> Optional.of(user.attributes().userType());
            default -> user.attributes().first(name);
        };
    }

    /// `$search="text"` or `$search="displayName:text"`: somewhere in the name, or at the beginning of the
    /// sign-in name or the mail address.
    private static Predicate<User> searched(Call call) {
        return call.query()
                .one("$search")
                .<Predicate<User>>map(text -> {
                    Matcher search = SEARCH.matcher(text);
                    if (!search.matches()) {
                        throw GraphFault.invalid(
                                "$search", "$search " + text + " must be \"text\" or \"displayName:text\"");
                    }
                    String wanted = search.group(1).toLowerCase(Locale.ROOT);
                    return user -> user.displayName().toLowerCase(Locale.ROOT).contains(wanted)
                            || user.userPrincipalName().toLowerCase(Locale.ROOT).startsWith(wanted)
                            || user.mail()
                                    .filter(mail ->
                                            mail.toLowerCase(Locale.ROOT).startsWith(wanted))
                                    .isPresent();
                })
                .orElse(_ -> true);
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        UserDraft draft = draft(form);
        form.finish();
        return Reply.created(shapes.user(expectDone(users.create(call.actor(), draft))));
    }

    private Reply importAll(Call call) {
        JsonForm form = call.form();
        boolean planOnly = form.flag("isPlanOnly").or(false);
        List<UserDraft> wanted = form.objects("users", IMPORT_MAX).or(List.of()).stream()
                .map(UsersResource::draft)
                .toList();
        form.finish();
        ObjectNode body = Shapes.object().put("isPlanOnly", planOnly);
        ArrayNode rows = body.putArray("users");
        for (UserImport.Step step : expectDone(userImport.run(call.actor(), wanted, planOnly))) {
            rows.addObject()
                    .put("action", step.act().name().toLowerCase(Locale.ROOT))
                    .put(PRINCIPAL_NAME, step.user().userPrincipalName());
        }
        return Reply.ok(body);
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
                force,
                UserAttributes.read(form),
                UserAttributes.lists(form));
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

    private static Set<String> filtered() {
        var names = new TreeSet<>(Attributes.NAMES);
        names.addAll(Set.of(DISPLAY_NAME, PRINCIPAL_NAME, "id", "givenName", "surname", "mail", "accountEnabled"));
        return names;
    }

    /// By id or user principal name.
    private User find(Call call) {
        return expectDone(users.find(call.tenant(), call.text("id")));
    }
}
