package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Preflight;
import io.postern.domain.ObjectId;
import io.postern.domain.directory.Action;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `applications/{id}/onPremisesPublishing/preflight`: a look at the backend through a connector's eyes (PFL-1).
final class PreflightResource {
    private final Preflight preflight;

    PreflightResource(Preflight preflight) {
        this.preflight = preflight;
    }

    List<Route> routes() {
        return List.of(Route.change(
                Action.PROXY_WRITE, Verb.POST, "/applications/{id}/onPremisesPublishing/preflight", this::look));
    }

    /// Changes nothing, but makes a connector send requests: no GET.
    private Reply look(Call call) {
        ObjectId id = call.id("id", "application", ObjectId::new);
        JsonForm form = call.form();
        Optional<Preflight.Product> product =
                form.parsed("product", PreflightResource::product).value();
        Optional<String> socket =
                form.parsed("webSocketPath", PreflightResource::path).value();
        form.finish();
        Preflight.Report report = expectDone(preflight.look(call.tenant(), id, new Preflight.Wanted(product, socket)));
        ObjectNode body = Shapes.object()
                .put("applicationId", id.value())
                .put("applicationDisplayName", report.application().displayName())
                .put("product", text(report.product()))
                .put("result", report.isReady() ? "ready" : "faults");
        report.connector().ifPresentOrElse(name -> body.put("connector", name), () -> body.putNull("connector"));
        ArrayNode findings = body.putArray("findings");
        for (Preflight.Finding finding : report.findings()) {
            findings.addObject()
                    .put("check", finding.check())
                    .put(
                            "result",
                            switch (finding.result()) {
                                case OK -> "ok";
                                case WARNING -> "warning";
                                case FAULT -> "fault";
                            })
                    .put("finding", finding.finding())
                    .put("remedy", finding.remedy());
        }
        return Reply.ok(body);
    }

    private static Preflight.Product product(String text) {
        for (Preflight.Product product : Preflight.Product.values()) {
            if (text(product).equals(text)) {
                return product;
            }
        }
        throw new IllegalArgumentException("product '" + text + "' is unknown; use none or qlikSense, or leave it out");
    }

    private static String text(Preflight.Product product) {
        return switch (product) {
            case NONE -> "none";
            case QLIK_SENSE -> "qlikSense";
        };
    }

    private static String path(String text) {
        if (!text.matches("/[!-~]{0,500}")) {
            throw new IllegalArgumentException("webSocketPath '" + text + "' must be a path that begins with /");
        }
        return text;
    }
}
