package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Owners;
import io.postern.domain.ObjectId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.store.User;
import java.util.List;
import java.util.Map;

/// `applications/{id}/owners`.
final class OwnersResource {
    private final Owners owners;
    private final Shapes shapes;

    OwnersResource(Owners owners, Shapes shapes) {
        this.owners = owners;
        this.shapes = shapes;
    }

    List<Route> routes() {
        String all = "/applications/{id}/owners";
        return List.of(
                Route.list(Action.DIRECTORY_READ, all, this::list).orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, all + "/$ref", this::add)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.DELETE, all + "/{ownerId}/$ref", this::remove)
                        .orOwner());
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                expectDone(owners.of(call.tenant(), application(call))),
                User::userPrincipalName,
                Map.of("displayName", User::displayName, "userPrincipalName", User::userPrincipalName),
                shapes::user);
    }

    private Reply add(Call call) {
        ObjectId application = application(call);
        UserId owner = References.read(call.form(), References.USERS, UserId::new);
        expectDone(owners.add(call.actor(), application, owner));
        return Reply.NO_CONTENT;
    }

    private Reply remove(Call call) {
        UserId owner = call.id("ownerId", "user", UserId::new);
        expectDone(owners.remove(call.actor(), application(call), owner));
        return Reply.NO_CONTENT;
    }

    private static ObjectId application(Call call) {
        return call.id("id", "application", ObjectId::new);
    }
}
