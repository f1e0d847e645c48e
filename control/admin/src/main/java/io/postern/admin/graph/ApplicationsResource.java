package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Applications;
import io.postern.admin.service.ClientPatch;
import io.postern.admin.service.Clients;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Logos;
import io.postern.admin.service.PublishingDraft;
import io.postern.admin.service.SignOns;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ObjectId;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AppRole;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `applications`, their publishing block and connector group.
final class ApplicationsResource {
    private final Applications applications;
    private final Clients clients;
    private final SignOns signOns;
    private final Logos logos;
    private final Shapes shapes;

    ApplicationsResource(Applications applications, Clients clients, SignOns signOns, Logos logos, Shapes shapes) {
        this.applications = applications;
        this.clients = clients;
        this.signOns = signOns;
        this.logos = logos;
        this.shapes = shapes;
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.DIRECTORY_READ, "/applications", this::list),
                Route.change(Action.APPLICATIONS_CREATE, Verb.POST, "/applications", this::create),
                Route.get(Action.DIRECTORY_READ, "/applications/{id}", this::get)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.PATCH, "/applications/{id}", this::patch)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.DELETE, "/applications/{id}", this::delete)
                        .orOwner(),
                Route.get(Action.DIRECTORY_READ, "/applications/{id}/logo", this::logo)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.PUT, "/applications/{id}/logo", this::putLogo)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.DELETE, "/applications/{id}/logo", this::deleteLogo)
                        .orOwner(),
                Route.get(Action.PROXY_READ, "/applications/{id}/onPremisesPublishing", this::publishing),
                Route.change(
                        Action.PROXY_WRITE,
                        Verb.PATCH,
                        "/applications/{id}/onPremisesPublishing",
                        this::patchPublishing),
                Route.get(Action.PROXY_READ, "/applications/{id}/connectorGroup", this::connectorGroup),
                Route.change(Action.PROXY_WRITE, Verb.PUT, "/applications/{id}/connectorGroup/$ref", this::assignGroup),
                Route.change(
                        Action.PROXY_WRITE, Verb.DELETE, "/applications/{id}/connectorGroup/$ref", this::clearGroup));
    }

    private Reply get(Call call) {
        Application application = find(call);
        return Reply.ok(seenBy(
                call,
                asClient(
                        application,
                        shapes.application(application, applications.notes(call.tenant(), application.id())))));
    }

    /// With what it says as an OAuth client and resource; lists leave that out.
    private ObjectNode asClient(Application application, ObjectNode json) {
        ObjectNode client = ClientShape.addTo(
                json,
                clients.settings(application.tenant(), application.id()),
                clients.credentials(application.tenant(), application.id()));
        signOns.find(application.tenant(), application.appId()).ifPresent(seen -> EncryptionForm.addTo(client, seen));
        return client;
    }

    /// Where an application lies inside is for those who administer or watch the proxy.
    private static ObjectNode seenBy(Call call, ObjectNode application) {
        if (!call.caller().may(Action.PROXY_READ)) {
            application.remove("onPremisesPublishing");
        }
        return application;
    }

    private Reply list(Call call) {
        Map<ObjectId, String> notes = applications.notesOfAll(call.tenant());
        return Paging.page(
                call,
                applications.list(call.tenant()),
                a -> a.displayName() + "\0" + a.id(),
                Map.of(
                        "displayName",
                        Application::displayName,
                        "appId",
                        a -> a.appId().value()),
                application -> seenBy(
                        call, shapes.application(application, Optional.ofNullable(notes.get(application.id())))));
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        if (form.has("onPremisesPublishing") || form.has("connectorGroup")) {
            call.require(Action.PROXY_WRITE);
        }
        form.only("signInAudience", JsonNodeFactory.instance.stringNode("AzureADMyOrg"));
        Edit<String> name = form.text("displayName");
        if (name.value().isEmpty()) {
            form.fault("displayName", "displayName is missing");
        }
        Edit<List<String>> identifiers = form.texts("identifierUris");
        Edit<Boolean> publicClient = form.flag("isFallbackPublicClient");
        Optional<JsonForm> web = form.object("web");
        Optional<PublishingDraft> publishing =
                form.object("onPremisesPublishing").map(PublishingForm::read);
        Optional<ConnectorGroupId> group = form.object("connectorGroup")
                .flatMap(g -> g.parsed("id", ConnectorGroupId::new).value());
        var draft = new Applications.Draft(
                name.or(""),
                publishing,
                group,
                identifiers.or(List.of()),
                web.map(w -> w.texts("redirectUris").or(List.of())).orElse(List.of()),
                web.flatMap(w -> w.clearable("homePageUrl").value()),
                publicClient.or(false));
        Edit<List<AppRole>> roles = AppRolesForm.read(form);
        ClientPatch client = ClientForm.read(form, web);
        form.finish();
        Applications.Created created =
                expectDone(applications.create(call.actor(), draft, roles.or(List.of()), client));
        return Reply.created(withWarnings(
                asClient(created.application(), shapes.application(created.application(), Optional.empty())),
                created.warnings()));
    }

    private Reply patch(Call call) {
        ObjectId id = id(call);
        JsonForm form = call.form();
        if (form.has("onPremisesPublishing")) {
            call.require(Action.PROXY_WRITE);
            return patchPublishing(call, id, form);
        }
        form.only("signInAudience", JsonNodeFactory.instance.stringNode("AzureADMyOrg"));
        Optional<JsonForm> web = form.object("web");
        var patch = new Applications.Patch(
                form.text("displayName"),
                form.texts("identifierUris"),
                web.map(w -> w.texts("redirectUris")).orElse(Edit.none()),
                web.map(w -> w.clearable("homePageUrl")).orElse(Edit.none()),
                form.flag("isFallbackPublicClient"),
                AppRolesForm.read(form),
                form.clearable("notes"));
        ClientPatch client = ClientForm.read(form, web);
        Map<String, @Nullable Object> encryption = EncryptionForm.read(form);
        form.finish();
        expectDone(applications.patch(call.actor(), id, patch, client, encryption));
        return Reply.NO_CONTENT;
    }

    /// GRF-1: with anything beside it the request is refused.
    private Reply patchPublishing(Call call, ObjectId id, JsonForm form) {
        Optional<PublishingDraft> draft = form.isNull("onPremisesPublishing")
                ? Optional.empty()
                : form.object("onPremisesPublishing").map(PublishingForm::read);
        for (String other : form.unread()) {
            form.fault(
                    other,
                    "'" + other + "' cannot be changed together with onPremisesPublishing; send two requests (GRF-1)");
        }
        form.finish();
        return published(call, expectDone(applications.publish(call.actor(), id, draft)));
    }

    private Reply patchPublishing(Call call) {
        ObjectId id = id(call);
        JsonForm form = call.form();
        PublishingDraft draft = PublishingForm.read(form);
        form.finish();
        return published(call, expectDone(applications.publish(call.actor(), id, Optional.of(draft))));
    }

    private Reply published(Call call, Applications.Created changed) {
        return call.wantsResult()
                ? Reply.ok(withWarnings(
                        shapes.application(
                                changed.application(),
                                applications.notes(
                                        call.tenant(), changed.application().id())),
                        changed.warnings()))
                : Reply.NO_CONTENT;
    }

    private Reply delete(Call call) {
        Application deleted = expectDone(applications.delete(call.actor(), id(call)));
        return call.wantsResult()
                ? Reply.ok(withWarnings(Shapes.object(), applications.leftBy(deleted)))
                : Reply.NO_CONTENT;
    }

    private Reply logo(Call call) {
        return Reply.picture(expectDone(logos.find(call.tenant(), id(call))));
    }

    private Reply putLogo(Call call) {
        expectDone(logos.put(call.actor(), id(call), call.picture().get()));
        return Reply.NO_CONTENT;
    }

    private Reply deleteLogo(Call call) {
        expectDone(logos.remove(call.actor(), id(call)));
        return Reply.NO_CONTENT;
    }

    private Reply publishing(Call call) {
        Application application = find(call);
        Publishing publishing = application
                .publishing()
                .orElseThrow(
                        () -> GraphFault.of(404, "application '" + application.displayName() + "' is not published"));
        return Reply.ok(shapes.publishing(publishing));
    }

    private Reply connectorGroup(Call call) {
        return Reply.ok(shapes.connectorGroup(expectDone(applications.groupOf(call.tenant(), id(call)))));
    }

    private Reply assignGroup(Call call) {
        ObjectId id = id(call);
        ConnectorGroupId group = References.read(call.form(), References.CONNECTOR_GROUPS, ConnectorGroupId::new);
        expectDone(applications.assignGroup(call.actor(), id, Optional.of(group)));
        return Reply.NO_CONTENT;
    }

    private Reply clearGroup(Call call) {
        expectDone(applications.assignGroup(call.actor(), id(call), Optional.empty()));
        return Reply.NO_CONTENT;
    }

    private Application find(Call call) {
        return expectDone(applications.find(call.tenant(), id(call)));
    }

    private static ObjectId id(Call call) {
        return call.id("id", "application", ObjectId::new);
    }

    private static ObjectNode withWarnings(ObjectNode json, List<String> warnings) {
        if (!warnings.isEmpty()) {
            Shapes.texts(json.putArray("warnings"), warnings);
        }
        return json;
    }
}
