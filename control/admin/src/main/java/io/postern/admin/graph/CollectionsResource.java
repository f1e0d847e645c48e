package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.AppCollections;
import io.postern.domain.directory.Action;
import io.postern.store.AppCollection;
import io.postern.web.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// `appCollections`: what administrators put together for My Apps (4.5). The original has no API for this.
final class CollectionsResource {
    private final AppCollections collections;

    CollectionsResource(AppCollections collections) {
        this.collections = collections;
    }

    List<Route> routes() {
        String one = "/appCollections/{id}";
        return List.of(
                Route.list(Action.DIRECTORY_READ, "/appCollections", this::list),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, "/appCollections", this::create),
                Route.get(
                        Action.DIRECTORY_READ,
                        one,
                        call -> Reply.ok(shape(expectDone(collections.find(call.tenant(), call.text("id")))))),
                Route.change(Action.APPLICATIONS_WRITE, Verb.PATCH, one, this::patch),
                Route.change(Action.APPLICATIONS_WRITE, Verb.DELETE, one, this::delete));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                collections.list(call.tenant()),
                collection -> collection.name() + "\0" + collection.id(),
                Map.of("displayName", AppCollection::name),
                CollectionsResource::shape);
    }

    private Reply create(Call call) {
        return Reply.created(shape(expectDone(collections.create(call.actor(), wanted(call.form())))));
    }

    private Reply patch(Call call) {
        expectDone(collections.patch(call.actor(), call.text("id"), wanted(call.form())));
        return Reply.NO_CONTENT;
    }

    private Reply delete(Call call) {
        expectDone(collections.delete(call.actor(), call.text("id")));
        return Reply.NO_CONTENT;
    }

    private static AppCollections.Wanted wanted(JsonForm form) {
        var wanted = new AppCollections.Wanted(
                form.text("displayName"),
                form.clearable("description"),
                form.texts("appIds"),
                form.texts("principalIds"));
        form.finish();
        return wanted;
    }

    private static ObjectNode shape(AppCollection collection) {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("id", collection.id())
                .put("displayName", collection.name())
                .put("createdDateTime", collection.created().toString());
        Shapes.put(json, "description", collection.description());
        collection.apps().forEach(json.putArray("appIds")::add);
        collection.people().forEach(json.putArray("principalIds")::add);
        return json;
    }
}
