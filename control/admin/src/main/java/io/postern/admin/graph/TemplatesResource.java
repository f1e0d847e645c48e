package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Gallery;
import io.postern.admin.service.Template;
import io.postern.admin.service.TemplateShelf;
import io.postern.domain.directory.Action;
import io.postern.store.ServicePrincipal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `applicationTemplates`: the gallery, and applications made from it.
final class TemplatesResource {
    private final Gallery gallery;
    private final Shapes shapes;
    private final Function<ServicePrincipal, String> userAccessUrl;

    TemplatesResource(Gallery gallery, Shapes shapes, Function<ServicePrincipal, String> userAccessUrl) {
        this.gallery = gallery;
        this.shapes = shapes;
        this.userAccessUrl = userAccessUrl;
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.DIRECTORY_READ, "/applicationTemplates", this::list)
                        .with("$search"),
                Route.get(Action.DIRECTORY_READ, "/applicationTemplates/{id}", this::get),
                Route.change(
                        Action.APPLICATIONS_WRITE,
                        Verb.POST,
                        "/applicationTemplates/{id}/instantiate",
                        this::instantiate));
    }

    private Reply list(Call call) {
        TemplateShelf.Contents contents = gallery.shelf().contents();
        Optional<String> search = call.query().one("$search").map(text -> text.replace("\"", ""));
        Reply reply = Paging.page(
                call,
                contents.templates().stream()
                        .filter(template -> search.map(template::answers).orElse(true))
                        .toList(),
                template -> template.name() + "\0" + template.id(),
                Map.of("displayName", Template::name, "publisher", Template::publisher, "key", Template::key),
                TemplatesResource::shape);
        reply.body().ifPresent(body -> Shapes.texts(body.putArray("faults"), contents.faults()));
        return reply;
    }

    private Reply get(Call call) {
        Template template = expectDone(gallery.find(call.text("id")));
        ObjectNode json = shape(template);
        json.set("signOn", io.postern.web.Json.MAPPER.valueToTree(template.signOn()));
        Shapes.texts(json.putArray("steps"), template.steps());
        return Reply.ok(json);
    }

    private Reply instantiate(Call call) {
        JsonForm form = call.form();
        var order = new Gallery.Order(
                form.text("displayName").value(),
                form.map("parameters").or(Map.of()),
                form.texts("principals").or(List.of()),
                form.text("role").value());
        form.finish();
        if (!order.parameters().getOrDefault("internal-url", "").isEmpty()) {
            call.require(Action.PROXY_WRITE); // it is published then
        }
        if (!order.principals().isEmpty()) {
            call.require(Action.ASSIGNMENTS_WRITE);
        }
        Gallery.Added added = expectDone(gallery.add(call.actor(), call.text("id"), order));
        ObjectNode body = Shapes.object();
        body.set(
                "application",
                shapes.application(added.application(), added.template().notes()));
        body.set("servicePrincipal", shapes.servicePrincipal(added.principal()));
        added.second().ifPresent(second -> {
            ObjectNode other = body.putObject("secondApplication");
            other.set("application", shapes.application(second.application(), Optional.empty()));
            other.set("servicePrincipal", shapes.servicePrincipal(second.principal()));
        });
        body.set("signOn", SignOnShape.whole(added.signOn(), userAccessUrl.apply(added.principal())));
        Shapes.texts(body.putArray("steps"), added.steps());
        Shapes.texts(body.putArray("warnings"), added.warnings());
        return Reply.created(body);
    }

    private static ObjectNode shape(Template template) {
        ObjectNode json = Shapes.object()
                .put("id", template.id())
                .put("key", template.key())
                .put("displayName", template.name())
                .put("publisher", template.publisher())
                .put("description", template.description())
                .put("isProxied", template.proxied())
                .put("source", template.source());
        Shapes.texts(json.putArray("categories"), template.categories());
        Shapes.texts(
                json.putArray("supportedSingleSignOnModes"),
                List.of(template.mode().text()));
        ArrayNode parameters = json.putArray("parameters");
        for (Template.Parameter parameter : template.parameters()) {
            ObjectNode one = parameters
                    .addObject()
                    .put("name", parameter.name())
                    .put("description", parameter.description())
                    .put("isRequired", parameter.required());
            parameter.defaultValue().ifPresent(value -> one.put("default", value));
            if (!parameter.choices().isEmpty()) {
                Shapes.texts(one.putArray("choices"), parameter.choices());
            }
        }
        ArrayNode roles = json.putArray("roles");
        template.roles()
                .forEach(role -> roles.addObject().put("value", role.value()).put("displayName", role.name()));
        return json;
    }
}
