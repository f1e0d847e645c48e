package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Tenants;
import io.postern.base.Secret;
import io.postern.domain.directory.Action;
import io.postern.store.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `tenants`: those of the service, for whoever operates it (ours).
final class TenantsResource {
    private final Tenants tenants;

    TenantsResource(Tenants tenants) {
        this.tenants = tenants;
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.TENANTS_WRITE, "/tenants", this::list),
                Route.change(Action.TENANTS_WRITE, Verb.POST, "/tenants", this::add));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                expectDone(tenants.list(call.actor())),
                Tenant::name,
                Map.of("name", Tenant::name, "displayName", Tenant::displayName),
                TenantsResource::shape);
    }

    private Reply add(Call call) {
        JsonForm form = call.form();
        String name = needed(form, "name");
        String domain = needed(form, "domain");
        String administrator = needed(form, "administrator");
        String displayName = form.text("displayName").or(name);
        Optional<JsonForm> profile = form.object("passwordProfile");
        Optional<Secret> password =
                profile.flatMap(p -> p.text("password").map(Secret::of).value());
        if (password.isEmpty()) {
            form.fault("passwordProfile", "passwordProfile.password is missing: that of the administrator");
        }
        form.finish();
        Tenants.Added added = expectDone(tenants.add(
                call.actor(), new Tenants.Draft(name, displayName, domain, administrator, password.orElseThrow())));
        ObjectNode body = shape(added.tenant());
        body.put("administrator", added.administrator().userPrincipalName());
        return Reply.created(body.put("apiToken", added.apiToken().reveal()));
    }

    private static String needed(JsonForm form, String property) {
        Optional<String> value = form.text(property).value();
        if (value.isEmpty()) {
            form.fault(property, property + " is missing");
        }
        return value.orElse("");
    }

    private static ObjectNode shape(Tenant tenant) {
        return Shapes.object()
                .put("id", tenant.id().value())
                .put("name", tenant.name())
                .put("displayName", tenant.displayName())
                .put("domain", tenant.domain())
                .put("createdDateTime", tenant.created().toString());
    }
}
