package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Declaration;
import io.postern.admin.service.Declarations;
import io.postern.admin.service.Declared;
import io.postern.admin.service.DeclaredAssignment;
import io.postern.admin.service.Edit;
import io.postern.domain.ObjectId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.directory.Action;
import io.postern.store.ServicePrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `declarations`: whole applications as a file has them, read, compared and applied in one call (ours).
final class DeclarationsResource {
    private static final String PATH = "/onPremisesPublishingProfiles/applicationProxy/declarations";

    private final Declarations declarations;
    private final Shapes shapes;

    DeclarationsResource(Declarations declarations, Shapes shapes) {
        this.declarations = declarations;
        this.shapes = shapes;
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.PROXY_READ, PATH, this::list),
                Route.change(Action.PROXY_WRITE, Verb.POST, PATH + "/apply", this::apply));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                declarations.list(call.tenant()),
                d -> d.application().displayName() + "\0" + d.application().id(),
                Map.of("displayName", d -> d.application().displayName()),
                this::declaration);
    }

    private Reply apply(Call call) {
        JsonForm form = call.form();
        boolean planOnly = form.flag("isPlanOnly").or(false);
        var wanted = new ArrayList<Declaration>();
        for (JsonForm one : form.objects("applications").or(List.of())) {
            wanted.add(read(one));
        }
        var doomed = new ArrayList<ObjectId>();
        for (String id : form.texts("deletedApplications").or(List.of())) {
            try {
                doomed.add(new ObjectId(id));
            } catch (IllegalArgumentException e) {
                form.fault("deletedApplications", "there is no application '" + id + "'");
            }
        }
        form.finish();
        List<Declarations.Step> steps = expectDone(declarations.apply(call.actor(), wanted, doomed, planOnly));
        ObjectNode body = Shapes.object().put("isPlanOnly", planOnly);
        ArrayNode changes = body.putArray("changes");
        steps.forEach(step -> changes.add(change(step)));
        return Reply.ok(body);
    }

    private static Declaration read(JsonForm form) {
        String name = form.text("displayName").or("");
        if (name.isBlank()) {
            form.fault("displayName", "displayName is missing; it says which application is meant");
        }
        return new Declaration(
                name,
                form.text("connectorGroup"),
                form.clearable("homePageUrl"),
                form.clearable("notes"),
                form.flag("isVisibleToUsers"),
                form.flag("appRoleAssignmentRequired"),
                form.flag("accountEnabled"),
                form.mixed("assignedUsers", DeclaredAssignment::of, DeclarationsResource::assigned),
                form.mixed("assignedGroups", DeclaredAssignment::of, DeclarationsResource::assigned),
                form.clearable("assignmentsInStepWith"),
                registration(form),
                form.object("onPremisesPublishing").map(PublishingForm::read),
                form.document("signOn").map(SignOnResource::document));
    }

    private static DeclaredAssignment assigned(JsonForm form) {
        String name = form.text("name").or("");
        if (name.isBlank()) {
            form.fault("name", "name is missing; it says who is assigned");
        }
        return new DeclaredAssignment(
                name,
                Optional.of(new DeclaredAssignment.Terms(
                        form.text("appRole").value(),
                        form.parsed("startDateTime", Times::parse).value(),
                        form.parsed("endDateTime", Times::parse).value(),
                        form.text("reason").value())));
    }

    private static void assigned(ArrayNode list, List<DeclaredAssignment> assignments) {
        for (DeclaredAssignment one : assignments) {
            if (one.terms().isEmpty()) {
                list.add(one.name());
                continue;
            }
            DeclaredAssignment.Terms terms = one.terms().get();
            ObjectNode json = list.addObject().put("name", one.name());
            terms.appRole().ifPresent(role -> json.put("appRole", role));
            terms.starts().ifPresent(start -> json.put("startDateTime", start.toString()));
            terms.ends().ifPresent(end -> json.put("endDateTime", end.toString()));
            terms.reason().ifPresent(reason -> json.put("reason", reason));
        }
    }

    private static Declaration.Registration registration(JsonForm form) {
        Optional<JsonForm> web = form.object("web");
        return new Declaration.Registration(
                AppRolesForm.read(form),
                web.map(w -> w.texts("redirectUris")).orElse(Edit.none()),
                form.flag("isFallbackPublicClient"),
                ClientForm.read(form, web));
    }

    /// Only where there is something to say: most published applications are no clients of their own.
    private static void registration(ObjectNode json, Declared declared) {
        if (!declared.application().appRoles().isEmpty()) {
            AppRolesForm.write(json, declared.application().appRoles());
        }
        if (declared.application().publicClient()) {
            json.put("isFallbackPublicClient", true);
        }
        ObjectNode web = Shapes.object();
        if (!declared.redirectUris().isEmpty()) {
            Shapes.texts(web.putArray("redirectUris"), declared.redirectUris());
        }
        if (!declared.client().equals(ClientSettings.DEFAULT)) {
            json.set("web", web);
            ClientShape.settings(json, declared.client());
        } else if (!web.isEmpty()) {
            json.set("web", web);
        }
    }

    private ObjectNode declaration(Declared declared) {
        ObjectNode json = Shapes.object()
                .put("displayName", declared.application().displayName())
                .put("connectorGroup", declared.connectorGroup());
        JsonNode home = shapes.application(declared.application()).at("/web/homePageUrl");
        json.set("homePageUrl", home);
        declared.notes().ifPresentOrElse(notes -> json.put("notes", notes), () -> json.putNull("notes"));
        Optional<ServicePrincipal> principal = declared.principal();
        principal.ifPresent(p -> json.put("isVisibleToUsers", p.isVisible()).put("accountEnabled", p.accountEnabled()));
        registration(json, declared);
        if (declared.inStepWith().isPresent()) { // and nothing of what is the other one's
            json.put("assignmentsInStepWith", declared.inStepWith().get());
            json.remove("appRoles");
        } else {
            principal.ifPresent(p -> json.put("appRoleAssignmentRequired", p.appRoleAssignmentRequired()));
            assigned(json.putArray("assignedUsers"), declared.users());
            assigned(json.putArray("assignedGroups"), declared.groups());
        }
        declared.signOn().ifPresent(signOn -> json.set("signOn", SignOnShape.document(signOn)));
        declared.application().publishing().ifPresent(publishing -> {
            ObjectNode block = shapes.publishing(publishing);
            block.remove(List.of("applicationType", "isOnPremPublishingEnabled")); // nobody's to set
            json.set("onPremisesPublishing", block);
        });
        return json;
    }

    private ObjectNode change(Declarations.Step step) {
        Optional<ObjectNode> before = step.before().map(this::declaration);
        Optional<ObjectNode> after = step.after().map(this::declaration);
        Declared any = step.after().or(step::before).orElseThrow();
        ArrayNode differences = JsonNodeFactory.instance.arrayNode();
        differ("", before.orElse(Shapes.object()), after.orElse(Shapes.object()), differences);
        ObjectNode json = Shapes.object()
                .put("id", any.application().id().value())
                .put("displayName", any.application().displayName())
                .put(
                        "action",
                        before.isEmpty()
                                ? "create"
                                : after.isEmpty() ? "delete" : differences.isEmpty() ? "none" : "update");
        json.set("differences", differences);
        Shapes.texts(json.putArray("warnings"), step.warnings());
        return json;
    }

    private static void differ(String path, JsonNode before, JsonNode after, ArrayNode differences) {
        if (before.equals(after)) {
            return;
        }
        boolean inside = (before.isObject() || before.isMissingNode()) && (after.isObject() || after.isMissingNode());
        if (!inside) {
            ObjectNode one = differences.addObject().put("property", path);
            one.set("before", before.isMissingNode() ? JsonNodeFactory.instance.nullNode() : before);
            one.set("after", after.isMissingNode() ? JsonNodeFactory.instance.nullNode() : after);
            return;
        }
        var names = new TreeSet<>(before.propertyNames());
        names.addAll(after.propertyNames());
        for (String name : names) {
            differ(path.isEmpty() ? name : path + "." + name, before.path(name), after.path(name), differences);
        }
    }
}
