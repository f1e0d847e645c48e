package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Groups;
import io.postern.domain.GroupId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.store.Group;
import io.postern.store.User;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/// `groups` and their members.
final class GroupsResource {
    private final Groups groups;
    private final Shapes shapes;

    GroupsResource(Groups groups, Shapes shapes) {
        this.groups = groups;
        this.shapes = shapes;
    }

    List<Route> routes() {
        String one = "/groups/{id}";
        return List.of(
                Route.list(Action.DIRECTORY_READ, "/groups", this::list),
                Route.change(Action.GROUPS_WRITE, Verb.POST, "/groups", this::create),
                Route.get(
                        Action.DIRECTORY_READ,
                        one,
                        call -> Reply.ok(shapes.group(expectDone(groups.find(call.tenant(), id(call)))))),
                Route.change(Action.GROUPS_WRITE, Verb.PATCH, one, this::patch),
                Route.change(Action.GROUPS_WRITE, Verb.DELETE, one, this::delete),
                Route.list(Action.DIRECTORY_READ, one + "/members", this::members),
                Route.change(Action.GROUPS_WRITE, Verb.POST, one + "/members/$ref", this::addMember),
                Route.change(Action.GROUPS_WRITE, Verb.DELETE, one + "/members/{userId}/$ref", this::removeMember));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                groups.list(call.tenant()),
                g -> g.displayName() + "\0" + g.id(),
                Map.of("displayName", Group::displayName),
                shapes::group);
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        Edit<String> name = form.text("displayName");
        if (name.value().isEmpty()) {
            form.fault("displayName", "displayName is missing");
        }
        Edit<String> description = form.clearable("description");
        form.text("mailNickname"); // the original demands it; our groups have no mail
        form.only("mailEnabled", JsonNodeFactory.instance.booleanNode(false));
        form.only("securityEnabled", JsonNodeFactory.instance.booleanNode(true));
        form.finish();
        return Reply.created(shapes.group(expectDone(groups.create(call.actor(), name.or(""), description.value()))));
    }

    private Reply patch(Call call) {
        GroupId id = id(call);
        JsonForm form = call.form();
        Edit<String> name = form.text("displayName");
        Edit<String> description = form.clearable("description");
        form.finish();
        expectDone(groups.patch(call.actor(), id, name, description));
        return Reply.NO_CONTENT;
    }

    private Reply delete(Call call) {
        expectDone(groups.delete(call.actor(), id(call)));
        return Reply.NO_CONTENT;
    }

    private Reply members(Call call) {
        return Paging.page(
                call,
                expectDone(groups.members(call.tenant(), id(call))),
                User::userPrincipalName,
                Map.of("displayName", User::displayName, "userPrincipalName", User::userPrincipalName),
                shapes::user);
    }

    private Reply addMember(Call call) {
        GroupId id = id(call);
        UserId member = References.read(call.form(), References.USERS, UserId::new);
        expectDone(groups.addMember(call.actor(), id, member));
        return Reply.NO_CONTENT;
    }

    private Reply removeMember(Call call) {
        UserId member = call.id("userId", "user", UserId::new);
        expectDone(groups.removeMember(call.actor(), id(call), member));
        return Reply.NO_CONTENT;
    }

    private static GroupId id(Call call) {
        return call.id("id", "group", GroupId::new);
    }
}
