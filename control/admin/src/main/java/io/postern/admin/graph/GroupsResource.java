package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.GroupOwners;
import io.postern.admin.service.Groups;
import io.postern.admin.service.Nestings;
import io.postern.admin.service.RuleEdit;
import io.postern.admin.service.Services;
import io.postern.domain.GroupId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.store.Group;
import io.postern.store.User;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `groups`, their members and their owners.
final class GroupsResource {
    private static final String DYNAMIC = "DynamicMembership";
    private static final String DISPLAY_NAME = "displayName";
    private static final String PRINCIPAL_NAME = "userPrincipalName";

    private final Groups groups;
    private final Nestings nestings;
    private final GroupOwners owners;
    private final Shapes shapes;

    GroupsResource(Services services, Shapes shapes) {
        this.groups = services.groups();
        this.nestings = services.memberships().nestings();
        this.owners = services.memberships().owners();
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
                                call -> Reply.ok(shapes.group(expectDone(groups.find(call.tenant(), id(call))))))
                        .orOwner(),
                Route.change(Action.GROUPS_WRITE, Verb.PATCH, one, this::patch),
                Route.change(Action.GROUPS_WRITE, Verb.DELETE, one, this::delete),
                Route.list(
                                Action.DIRECTORY_READ,
                                one + "/members",
                                call -> members(call, expectDone(nestings.members(call.tenant(), id(call)))))
                        .orOwner(),
                Route.change(Action.GROUPS_WRITE, Verb.POST, one + "/members/$ref", this::addMember)
                        .orOwner(),
                Route.change(Action.GROUPS_WRITE, Verb.DELETE, one + "/members/{userId}/$ref", this::removeMember)
                        .orOwner(),
                Route.list(
                        Action.DIRECTORY_READ,
                        one + "/transitiveMembers",
                        call -> members(call, expectDone(nestings.within(call.tenant(), id(call))))),
                Route.list(
                        Action.DIRECTORY_READ,
                        one + "/memberOf",
                        call -> groups(call, expectDone(nestings.parents(call.tenant(), id(call))))),
                Route.list(
                        Action.DIRECTORY_READ,
                        one + "/transitiveMemberOf",
                        call -> groups(call, expectDone(nestings.above(call.tenant(), id(call))))),
                Route.list(
                        Action.DIRECTORY_READ,
                        "/users/{id}/transitiveMemberOf",
                        call -> groups(
                                call, expectDone(nestings.above(call.tenant(), call.id("id", "user", UserId::new))))),
                Route.list(Action.DIRECTORY_READ, one + "/owners", this::owners).orOwner(),
                Route.change(Action.GROUPS_WRITE, Verb.POST, one + "/owners/$ref", this::addOwner),
                Route.change(Action.GROUPS_WRITE, Verb.DELETE, one + "/owners/{ownerId}/$ref", this::removeOwner),
                Route.list(
                        Action.OWN,
                        "/me/ownedObjects",
                        call -> groups(
                                call,
                                owners.ownedBy(
                                        call.tenant(), new UserId(call.actor().principal())))));
    }

    private Reply list(Call call) {
        return groups(call, groups.list(call.tenant()));
    }

    private Reply groups(Call call, List<Group> found) {
        return Paging.page(
                call,
                found,
                g -> g.displayName() + "\0" + g.id(),
                Map.of(DISPLAY_NAME, Group::displayName),
                shapes::group);
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        Edit<String> name = form.text("displayName");
        if (name.value().isEmpty()) {
            form.fault("displayName", "displayName is missing");
        }
        Edit<String> description = form.clearable("description");
        RuleEdit rule = rule(form);
        form.text("mailNickname"); // the original demands it; our groups have no mail
        form.only("mailEnabled", JsonNodeFactory.instance.booleanNode(false));
        form.only("securityEnabled", JsonNodeFactory.instance.booleanNode(true));
        form.finish();
        return Reply.created(
                shapes.group(expectDone(groups.create(call.actor(), name.or(""), description.value(), rule))));
    }

    private Reply patch(Call call) {
        GroupId id = id(call);
        JsonForm form = call.form();
        Edit<String> name = form.text("displayName");
        Edit<String> description = form.clearable("description");
        RuleEdit rule = rule(form);
        form.finish();
        expectDone(groups.patch(call.actor(), id, name, description, rule));
        return Reply.NO_CONTENT;
    }

    private Reply delete(Call call) {
        expectDone(groups.delete(call.actor(), id(call)));
        return Reply.NO_CONTENT;
    }

    private static RuleEdit rule(JsonForm form) {
        Edit<List<String>> types = form.texts("groupTypes");
        types.value()
                .filter(all -> all.stream().anyMatch(type -> !type.equals(DYNAMIC)))
                .ifPresent(all ->
                        form.fault("groupTypes", "groupTypes " + all + " is unknown; use [\"" + DYNAMIC + "\"] or []"));
        Edit<String> state = orLeft(form.clearable("membershipRuleProcessingState"));
        state.value()
                .filter(text -> !text.equals("On") && !text.equals("Paused"))
                .ifPresent(text -> form.fault(
                        "membershipRuleProcessingState",
                        "membershipRuleProcessingState '" + text + "' is unknown; use On or Paused"));
        return new RuleEdit(
                types.map(all -> all.contains(DYNAMIC)),
                orLeft(form.clearable("membershipRule")),
                state.map(text -> text.equals("Paused")));
    }

    /// As the API shows it of assigned groups, null is nothing that is asked for.
    private static Edit<String> orLeft(Edit<String> edit) {
        return edit.value().isPresent() ? edit : Edit.none();
    }

    /// Users by their names, then groups by theirs.
    private Reply members(Call call, Nestings.Members members) {
        return Paging.page(
                call,
                Stream.concat(
                                members.users().stream()
                                        .map(user -> shapes.user(user).put("@odata.type", "#microsoft.graph.user")),
                                members.groups().stream()
                                        .map(group -> shapes.group(group).put("@odata.type", "#microsoft.graph.group")))
                        .toList(),
                member -> member.path(PRINCIPAL_NAME)
                        .asString("\uffff" + text(member, DISPLAY_NAME) + "\0" + text(member, "id")),
                Map.of(DISPLAY_NAME, m -> text(m, DISPLAY_NAME), PRINCIPAL_NAME, m -> text(m, PRINCIPAL_NAME)),
                member -> member);
    }

    private static String text(ObjectNode json, String name) {
        return json.path(name).asString("");
    }

    private Reply addMember(Call call) {
        GroupId id = id(call);
        String member = References.read(call.form(), References.MEMBERS, text -> new GroupId(text).value());
        expectDone(groups.add(call.actor(), id, member));
        return Reply.NO_CONTENT;
    }

    private Reply removeMember(Call call) {
        String member = call.id("userId", "member", text -> new GroupId(text).value());
        expectDone(groups.remove(call.actor(), id(call), member));
        return Reply.NO_CONTENT;
    }

    private Reply owners(Call call) {
        return Paging.page(
                call,
                expectDone(owners.of(call.tenant(), id(call))),
                User::userPrincipalName,
                Map.of(DISPLAY_NAME, User::displayName, PRINCIPAL_NAME, User::userPrincipalName),
                shapes::user);
    }

    private Reply addOwner(Call call) {
        GroupId id = id(call);
        UserId owner = References.read(call.form(), References.USERS, UserId::new);
        expectDone(owners.add(call.actor(), id, owner));
        return Reply.NO_CONTENT;
    }

    private Reply removeOwner(Call call) {
        expectDone(owners.remove(call.actor(), id(call), call.id("ownerId", "user", UserId::new)));
        return Reply.NO_CONTENT;
    }

    private static GroupId id(Call call) {
        return call.id("id", "group", GroupId::new);
    }
}
