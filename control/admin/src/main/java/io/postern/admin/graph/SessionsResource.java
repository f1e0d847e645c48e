package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Services;
import io.postern.admin.service.UserSessions;
import io.postern.admin.service.UserSessions.Held;
import io.postern.admin.service.Users;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Where users are signed in: lists, and ends by session, device and application. By user it is
/// `revokeSignInSessions` of [UsersResource].
final class SessionsResource {
    private final UserSessions sessions;
    private final Users users;

    SessionsResource(Services services) {
        this.sessions = services.sessions();
        this.users = services.users();
    }

    List<Route> routes() {
        String ofUser = "/users/{id}/sessions";
        return List.of(
                Route.list(Action.SESSIONS_REVOKE, ofUser, call -> list(call, user(call)))
                        .or(Action.LOGS_READ),
                Route.change(Action.SESSIONS_REVOKE, Verb.DELETE, ofUser + "/{session}", call -> end(call, user(call))),
                Route.change(Action.SESSIONS_REVOKE, Verb.POST, ofUser + "/endByDevice", this::endDevice),
                Route.change(
                        Action.APPLICATIONS_WRITE,
                        Verb.POST,
                        "/servicePrincipals/{id}/revokeSignInSessions",
                        this::endApplication),
                Route.own("/me/sessions", call -> list(call, self(call))),
                new Route(
                        Verb.DELETE,
                        "/me/sessions/{session}",
                        Set.of(Action.OWN),
                        Set.of(),
                        call -> end(call, self(call))));
    }

    private Reply list(Call call, UserId user) {
        return Paging.page(
                call,
                expectDone(sessions.of(call.tenant(), user)),
                held -> held.id().value(),
                Map.of("deviceDisplayName", Held::device),
                SessionsResource::shape);
    }

    private Reply end(Call call, UserId user) {
        expectDone(sessions.end(call.actor(), user, call.id("session", "session", SessionId::new)));
        return Reply.NO_CONTENT;
    }

    private Reply endDevice(Call call) {
        JsonForm form = call.form();
        Edit<String> device = form.text("deviceDisplayName");
        if (device.value().isEmpty()) {
            form.fault(
                    "deviceDisplayName", "deviceDisplayName is missing; say which, as the list of sessions tells it");
        }
        form.finish();
        int ended = expectDone(sessions.endDevice(call.actor(), user(call), device.or("")));
        return Reply.ok(Shapes.object().put("ended", ended));
    }

    private Reply endApplication(Call call) {
        int ended = expectDone(
                sessions.endApplication(call.actor(), call.id("id", "service principal", ServicePrincipalId::new)));
        return Reply.ok(Shapes.object().put("value", true).put("ended", ended));
    }

    private UserId user(Call call) {
        return expectDone(users.find(call.tenant(), call.text("id"))).id();
    }

    private static UserId self(Call call) {
        return new UserId(call.actor().principal());
    }

    private static ObjectNode shape(Held held) {
        ObjectNode json = Shapes.object()
                .put("id", held.id().value())
                .put("userId", held.user().value())
                .put("kind", held.program().isPresent() ? "refreshToken" : "browser")
                .put("deviceDisplayName", held.device())
                .put("clientAppId", held.program().orElse(null))
                .put("ipAddress", held.address())
                .put("authenticatedDateTime", held.authenticated().toString())
                .put("lastUsedDateTime", held.lastUsed().toString())
                .put("expirationDateTime", held.expires().toString())
                .put("isPersistent", held.persistent());
        held.methods().forEach(json.putArray("authenticationMethods")::add);
        held.applications().forEach(json.putArray("appIds")::add);
        return json;
    }
}
