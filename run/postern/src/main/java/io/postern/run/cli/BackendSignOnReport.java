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

    private static String mode(JsonNode application) {
        return application
                .at("/onPremisesPublishing/singleSignOnSettings/singleSignOnMode")
                .asString("");
    }

    /// Whether connectors sign the application's users in.
    static boolean isFor(JsonNode application) {
        return mode(application).equals("onPremisesKerberos")
                || mode(application).equals("password");
    }

    /// @param user by password nobody is signed in without one, and the sign-on page is looked at
    /// @param host of the backend, where the application has a wildcard
    static BackendSignOnReport of(Api api, JsonNode application, @Nullable String user, @Nullable String host) {
        if (user == null && !mode(application).equals("password")) {
            throw new Fault("by Kerberos somebody is signed in: add --user USER");
        }
        ObjectNode body = Api.object();
        if (user != null) {
            body.put("user", user);
        }
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
