package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Directory;
import io.postern.admin.service.Edit;
import io.postern.admin.service.RoleAssignments;
import io.postern.admin.service.Services;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Branding;
import io.postern.domain.publish.TenantSettings;
import io.postern.store.Tenant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/// `organization`, administrator roles and the audit log.
final class DirectoryResource {
    private final Directory directory;
    private final RoleAssignments roles;
    private final Shapes shapes;

    DirectoryResource(Services services, Shapes shapes) {
        this.directory = services.directory();
        this.roles = services.roles();
        this.shapes = shapes;
    }

    List<Route> routes() {
        String roleAssignments = "/roleManagement/directory/roleAssignments";
        return List.of(
                Route.list("/organization", this::organization),
                Route.change(Verb.PATCH, "/organization/{id}", this::change),
                Route.list(roleAssignments, this::roles),
                Route.change(Verb.POST, roleAssignments, this::grant),
                Route.change(Verb.DELETE, roleAssignments + "/{id}", this::revoke));
    }

    private Reply organization(Call call) {
        return Paging.page(
                call,
                List.of(expectDone(directory.tenant(call.tenant()))),
                t -> t.id().value(),
                Map.of("displayName", Tenant::displayName),
                tenant -> shapes.organization(tenant, directory.settings(tenant.id())));
    }

    private Reply change(Call call) {
        TenantId id = call.id("id", "tenant", TenantId::new);
        JsonForm form = call.form();
        Edit<Integer> requests = form.number("requestsPerSecondMax");
        Edit<Integer> perApplication = form.number("applicationRequestsPerSecondMax");
        Edit<String> name = form.clearable("brandName");
        Edit<String> colour = form.clearable("brandColour").map(c -> c.toLowerCase(Locale.ROOT));
        Edit<String> logo = form.clearable("brandLogo");
        form.finish();
        expectDone(directory.change(
                call.actor(),
                id,
                s -> new TenantSettings(
                        requests.orKeep(s.requestsPerSecondMax()),
                        perApplication.orKeep(s.applicationRequestsPerSecondMax()),
                        new Branding(
                                name.orKeep(s.branding().name()),
                                colour.orKeep(s.branding().colour()),
                                logo.orKeep(s.branding().logo())))));
        return Reply.NO_CONTENT;
    }

    private Reply roles(Call call) {
        return Paging.page(
                call,
                roles.list(call.tenant()),
                r -> r.principal() + "\0" + r.role(),
                Map.of("principalId", RoleAssignments.Held::principal),
                shapes::role);
    }

    private Reply grant(Call call) {
        JsonForm form = call.form();
        Edit<String> principal = form.text("principalId");
        Edit<String> role = form.text("roleDefinitionId");
        if (principal.value().isEmpty() || role.value().isEmpty()) {
            form.fault("principalId", "principalId and roleDefinitionId are both needed");
        }
        form.only("directoryScopeId", JsonNodeFactory.instance.stringNode("/"));
        form.finish();
        return Reply.created(shapes.role(expectDone(roles.grant(call.actor(), principal.or(""), role.or("")))));
    }

    private Reply revoke(Call call) {
        String id = call.text("id");
        int cut = id.indexOf('_');
        if (cut < 0) {
            throw GraphFault.of(404, "there is no role assignment '" + id + "'");
        }
        expectDone(roles.revoke(call.actor(), id.substring(0, cut), id.substring(cut + 1)));
        return Reply.NO_CONTENT;
    }
}
