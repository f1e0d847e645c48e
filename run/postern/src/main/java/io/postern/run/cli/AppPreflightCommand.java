package io.postern.run.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app preflight`: what a connector sees of the backend.
@Command(
        name = "preflight",
        mixinStandardHelpOptions = true,
        description = "Let a connector look at the application's backend, and name what would not work for users.")
final class AppPreflightCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    @Option(
            names = "--product",
            paramLabel = "PRODUCT",
            description = "Judge as qlikSense or none; default: what the backend looks like.")
    private @Nullable String product;

    @Option(
            names = "--websocket",
            paramLabel = "PATH",
            description = "Try this path as a WebSocket, with the Origin of the external URL.")
    private @Nullable String webSocket;

    @Override
    void run(Api api, Screen screen) {
        JsonNode application = new Lookup(api).application(name.required("application"));
        ObjectNode body = Api.object();
        if (product != null) {
            body.put("product", product);
        }
        if (webSocket != null) {
            body.put("webSocketPath", webSocket);
        }
        JsonNode report = look(api, application, body);
        if (json()) {
            screen.json(report);
        } else {
            show(report, screen);
        }
    }

    static JsonNode look(Api api, JsonNode application, ObjectNode question) {
        return api.post(
                "/applications/" + application.path("id").asString() + "/onPremisesPublishing/preflight", question);
    }

    static void show(JsonNode report, Screen screen) {
        var rows = new ArrayList<List<String>>();
        for (JsonNode finding : report.path("findings")) {
            rows.add(List.of(
                    finding.path("result").asString(),
                    finding.path("check").asString(),
                    finding.path("finding").asString()));
        }
        screen.line(report.path("applicationDisplayName").asString() + ", seen from "
                + report.path("connector").asString("no connector"));
        screen.line("");
        screen.table(List.of("RESULT", "CHECK", "FINDING"), rows, "Nothing was found.");
        for (JsonNode finding : report.path("findings")) {
            if (!finding.path("remedy").asString("").isEmpty()) {
                screen.line("");
                screen.line(finding.path("finding").asString());
                screen.line("  -> " + finding.path("remedy").asString());
            }
        }
    }
}
