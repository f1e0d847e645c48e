package io.postern.run.cli;

import io.postern.run.Fault;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What connectors found when they signed a user in at the backend, for `postern app sso test`.
final class BackendSignOnReport {
    private final JsonNode report;

    private BackendSignOnReport(JsonNode report) {
        this.report = report;
    }

    /// Whether the application signs users in so.
    static boolean isFor(JsonNode application) {
        return application
                .at("/onPremisesPublishing/singleSignOnSettings/singleSignOnMode")
                .asString("")
                .equals("onPremisesKerberos");
    }

    /// @param host of the backend, where the application has a wildcard
    static BackendSignOnReport of(Api api, JsonNode application, @Nullable String user, @Nullable String host) {
        if (user == null) {
            throw new Fault("by Kerberos somebody is signed in: add --user USER");
        }
        ObjectNode body = Api.object().put("user", user);
        if (host != null) {
            body.put("host", host);
        }
        return new BackendSignOnReport(api.post(
                "/applications/" + application.path("id").asString() + "/onPremisesPublishing/testSignOn", body));
    }

    boolean failed() {
        return report.path("result").asString().equals("failed");
    }

    JsonNode json() {
        return report;
    }

    void show(Screen screen) {
        steps(screen, report.path("steps"));
        for (JsonNode connector : report.path("connectors")) {
            screen.line("");
            screen.line("Connector " + connector.path("machineName").asString() + ":");
            steps(screen, connector.path("steps"));
        }
    }

    private static void steps(Screen screen, JsonNode steps) {
        for (JsonNode step : steps) {
            String mark = switch (step.path("result").asString()) {
                case "passed" -> "ok      ";
                case "warning" -> "warning ";
                case "skipped" -> "-       ";
                default -> "FAILED  ";
            };
            screen.line(mark + step.path("name").asString() + ": "
                    + step.path("detail").asString());
            if (step.path("remedy").isString()) {
                screen.line("          " + step.path("remedy").asString());
            }
        }
    }
}
