package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.BackendSignOnTest;
import io.postern.admin.service.Edit;
import io.postern.admin.service.SignOnServices;
import io.postern.domain.ObjectId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /applications/{id}/onPremisesPublishing/testSignOn`: how a user would be signed in at the backend,
/// tried by the connectors.
final class BackendSignOnResource {
    private final SignOnServices services;

    BackendSignOnResource(SignOnServices services) {
        this.services = services;
    }

    List<Route> routes() {
        return List.of(Route.change(
                Action.PROXY_WRITE, Verb.POST, "/applications/{id}/onPremisesPublishing/testSignOn", this::test));
    }

    private Reply test(Call call) {
        JsonForm form = call.form();
        Edit<String> user = form.text("user");
        Edit<String> host = form.text("host");
        form.finish();
        call.require(Action.DIRECTORY_READ); // the report tells of the user
        Optional<UserId> who =
                user.value().map(name -> expectDone(services.signOns().user(call.tenant(), name)));
        return Reply.ok(shape(expectDone(services.backendTest()
                .run(call.actor(), call.id("id", "application", ObjectId::new), who, host.value()))));
    }

    private static ObjectNode shape(BackendSignOnTest.Report report) {
        ObjectNode json = Shapes.object().put("result", report.failed() ? "failed" : "ready");
        report.login()
                .ifPresentOrElse(
                        login -> json.putObject("login")
                                .put("identity", login.identity().text())
                                .put("name", login.name()),
                        () -> json.putNull("login"));
        steps(json.putArray("steps"), report.steps());
        ArrayNode connectors = json.putArray("connectors");
        for (BackendSignOnTest.OfConnector one : report.connectors()) {
            ObjectNode connector = connectors
                    .addObject()
                    .put("id", one.connector().id().value())
                    .put("machineName", one.connector().name());
            steps(connector.putArray("steps"), one.steps());
        }
        return json;
    }

    private static void steps(ArrayNode into, List<BackendSignOnTest.Step> steps) {
        for (BackendSignOnTest.Step step : steps) {
            ObjectNode one = into.addObject()
                    .put("name", step.name())
                    .put("result", step.result())
                    .put("detail", step.detail());
            if (!step.remedy().isEmpty()) {
                one.put("remedy", step.remedy());
            }
        }
    }
}
