package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.RoleAssignments;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AdminRole;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Administrator roles: `directoryRoles` and who holds them.
final class RolesResource {
    private final RoleAssignments roles;

    RolesResource(RoleAssignments roles) {
        this.roles = roles;
    }

    List<Route> routes() {
        String assignments = "/roleManagement/directory/roleAssignments";
        return List.of(
                Route.list(Action.DIRECTORY_READ, "/directoryRoles", this::list),
                Route.list(Action.DIRECTORY_READ, "/directoryRoles/{id}/members", this::members),
                Route.list(Action.DIRECTORY_READ, assignments, this::assignments),
                Route.change(Action.ROLES_WRITE, Verb.POST, assignments, this::grant),
                Route.change(Action.ROLES_WRITE, Verb.DELETE, assignments + "/{id}", this::revoke));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                AdminRole.inOrder(),
                AdminRole::displayName,
                Map.of("displayName", AdminRole::displayName, "roleTemplateId", AdminRole::templateId),
                RolesResource::shape);
    }

    private Reply members(Call call) {
        AdminRole role = call.id(
                "id", "role", id -> AdminRole.byTemplate(id).orElseThrow(() -> new IllegalArgumentException(id)));
        return Paging.page(
                call,
                roles.list(call.tenant()).stream()
                        .filter(held -> held.role() == role)
                        .toList(),
                RolesResource::key,
                Map.of("displayName", RoleAssignments.Held::name),
                held -> Shapes.object()
                        .put(
                                "@odata.type",
                                held.person() ? "#microsoft.graph.user" : "#microsoft.graph.servicePrincipal")
                        .put("id", held.principal())
                        .put("displayName", held.name()));
    }

    private Reply assignments(Call call) {
        return Paging.page(
                call,
                roles.list(call.tenant()),
                RolesResource::key,
                Map.of(
                        "principalId",
                        RoleAssignments.Held::principal,
                        "roleDefinitionId",
                        held -> held.role().templateId()),
                RolesResource::shape);
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
        return Reply.created(shape(expectDone(roles.grant(call.actor(), principal.or(""), role.or("")))));
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

    private static String key(RoleAssignments.Held held) {
        return held.principal() + "\0" + held.role().templateId();
    }

    private static ObjectNode shape(AdminRole role) {
        return Shapes.object()
                .put("id", role.templateId())
                .put("roleTemplateId", role.templateId())
                .put("displayName", role.displayName());
    }

    private static ObjectNode shape(RoleAssignments.Held held) {
        return Shapes.object()
                .put("id", held.principal() + "_" + held.role().templateId())
                .put("principalId", held.principal())
                .put("principalDisplayName", held.name())
                .put("roleDefinitionId", held.role().templateId())
                .put("roleDefinitionDisplayName", held.role().displayName())
                .put("directoryScopeId", "/");
    }
}
