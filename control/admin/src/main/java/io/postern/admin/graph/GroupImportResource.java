package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.GroupImport;
import io.postern.domain.directory.Action;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `groups/import`: many groups and memberships at once, all or none (ours).
final class GroupImportResource {
    private static final int ROWS_MAX = 10_000;

    private final GroupImport imports;

    GroupImportResource(GroupImport imports) {
        this.imports = imports;
    }

    List<Route> routes() {
        return List.of(Route.change(Action.GROUPS_WRITE, Verb.POST, "/groups/import", this::importAll));
    }

    private Reply importAll(Call call) {
        JsonForm form = call.form();
        boolean planOnly = form.flag("isPlanOnly").or(false);
        boolean exact = form.flag("isExact").or(false);
        List<GroupImport.Row> rows = form.objects("rows", ROWS_MAX).or(List.of()).stream()
                .map(row -> new GroupImport.Row(
                        row.text("group").or(""),
                        row.clearable("description"),
                        row.clearable("member").value()))
                .toList();
        form.finish();
        ObjectNode body = Shapes.object().put("isPlanOnly", planOnly);
        ArrayNode steps = body.putArray("steps");
        for (GroupImport.Step step : expectDone(imports.run(call.actor(), rows, exact, planOnly))) {
            steps.addObject()
                    .put("action", step.act().name().toLowerCase(Locale.ROOT))
                    .put("group", step.group())
                    .put("member", step.member());
        }
        return Reply.ok(body);
    }
}
