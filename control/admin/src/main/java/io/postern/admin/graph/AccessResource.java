package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.AccessCatalogue;
import io.postern.admin.service.AccessOffers;
import io.postern.admin.service.AccessServices;
import io.postern.admin.service.Edit;
import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.store.AccessRequest;
import io.postern.store.Assignment;
import io.postern.store.User;
import io.postern.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `accessRequestSettings` of applications and groups, and `accessRequests` (4.4). The original has no API
/// for this.
final class AccessResource {
    private final AccessServices access;

    AccessResource(AccessServices access) {
        this.access = access;
    }

    List<Route> routes() {
        String ofApplication = "/servicePrincipals/{id}/accessRequestSettings";
        String ofGroup = "/groups/{id}/accessRequestSettings";
        return List.of(
                Route.get(Action.DIRECTORY_READ, ofApplication, this::ofApplication)
                        .orOwner(),
                Route.change(Action.ASSIGNMENTS_WRITE, Verb.PUT, ofApplication, this::offerApplication)
                        .orOwner(),
                Route.change(Action.ASSIGNMENTS_WRITE, Verb.DELETE, ofApplication, this::withdrawApplication)
                        .orOwner(),
                Route.get(Action.DIRECTORY_READ, ofGroup, this::ofGroup),
                Route.change(Action.GROUPS_WRITE, Verb.PUT, ofGroup, this::offerGroup),
                Route.change(Action.GROUPS_WRITE, Verb.DELETE, ofGroup, this::withdrawGroup),
                Route.list(Action.ASSIGNMENTS_WRITE, "/accessRequests", this::requests)
                        .or(Action.GROUPS_WRITE));
    }

    private Reply ofApplication(Call call) {
        return Reply.ok(settings(expectDone(access.offers().of(call.tenant(), principal(call)))));
    }

    private Reply ofGroup(Call call) {
        return Reply.ok(settings(expectDone(access.offers().of(call.tenant(), group(call)))));
    }

    private Reply offerApplication(Call call) {
        ServicePrincipalId principal = principal(call);
        JsonForm form = call.form();
        Optional<GroupId> group = form.parsed("groupId", GroupId::new).value();
        String role = form.text("appRoleId").or(Assignment.DEFAULT_ACCESS).toLowerCase(Locale.ROOT);
        AccessOffers.Wanted wanted = wanted(form, group, role);
        return Reply.ok(settings(Optional.of(expectDone(access.offers().offer(call.actor(), principal, wanted)))));
    }

    private Reply offerGroup(Call call) {
        GroupId group = group(call);
        AccessOffers.Wanted wanted = wanted(call.form(), Optional.empty(), Assignment.DEFAULT_ACCESS);
        return Reply.ok(settings(Optional.of(expectDone(access.offers().offer(call.actor(), group, wanted)))));
    }

    private static AccessOffers.Wanted wanted(JsonForm form, Optional<GroupId> group, String role) {
        boolean approval = form.flag("isApprovalRequired").or(true);
        var approvers = new ArrayList<UserId>();
        for (String id : form.texts("approverIds").or(List.of())) {
            try {
                approvers.add(new UserId(id));
            } catch (IllegalArgumentException e) {
                form.fault("approverIds", "approverIds holds '" + id + "', which is no id of a user");
            }
        }
        Edit<Integer> days = form.number("durationInDays");
        form.finish();
        return new AccessOffers.Wanted(group, role, approval, approvers, days.value());
    }

    private Reply withdrawApplication(Call call) {
        expectDone(access.offers().withdraw(call.actor(), principal(call).value()));
        return Reply.NO_CONTENT;
    }

    private Reply withdrawGroup(Call call) {
        expectDone(access.offers().withdraw(call.actor(), group(call).value()));
        return Reply.NO_CONTENT;
    }

    private Reply requests(Call call) {
        return Paging.page(
                call,
                access.catalogue().all(call.tenant()),
                named -> named.request().created() + "\0" + named.request().id(),
                Map.of("status", named -> status(named.request()), "targetDisplayName", AccessCatalogue.Named::name),
                AccessResource::request);
    }

    private static ObjectNode settings(Optional<AccessOffers.Named> offer) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("isEnabled", offer.isPresent());
        offer.ifPresent(named -> {
            json.put("groupId", named.group().id().value())
                    .put("groupDisplayName", named.group().displayName())
                    .put("isApprovalRequired", named.offer().approval());
            named.offer()
                    .days()
                    .ifPresentOrElse(days -> json.put("durationInDays", days), () -> json.putNull("durationInDays"));
            ArrayNode approvers = json.putArray("approvers");
            for (User approver : named.approvers()) {
                approvers
                        .addObject()
                        .put("id", approver.id().value())
                        .put("displayName", approver.displayName())
                        .put("userPrincipalName", approver.userPrincipalName());
            }
        });
        return json;
    }

    private static ObjectNode request(AccessCatalogue.Named named) {
        AccessRequest request = named.request();
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("id", request.id())
                .put("status", status(request))
                .put("targetId", request.target())
                .put("targetDisplayName", named.name())
                .put("groupId", request.group().value())
                .put("userId", request.user().value())
                .put(
                        "userPrincipalName",
                        named.asker().map(User::userPrincipalName).orElse(""))
                .put("createdDateTime", request.created().toString());
        Shapes.put(json, "reason", request.reason());
        Shapes.put(json, "decidedDateTime", request.decided().map(Object::toString));
        Shapes.put(json, "decidedBy", request.decidedBy());
        Shapes.put(json, "answer", request.answer());
        Shapes.put(json, "endDateTime", request.ends().map(Object::toString));
        return json;
    }

    private static String status(AccessRequest request) {
        return request.state().name().toLowerCase(Locale.ROOT);
    }

    private static ServicePrincipalId principal(Call call) {
        return call.id("id", "service principal", ServicePrincipalId::new);
    }

    private static GroupId group(Call call) {
        return call.id("id", "group", GroupId::new);
    }
}
