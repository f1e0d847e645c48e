package io.postern.run.cli;

import io.postern.run.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app provisioning`: users and groups that an application is told of.
@Command(
        name = "provisioning",
        mixinStandardHelpOptions = true,
        description = "Make, change and disable in an application, by SCIM, the users and groups assigned to it.",
        subcommands = {
            AppProvisioningCommand.Setting.class,
            AppProvisioningCommand.Test.class,
            AppProvisioningCommand.Start.class,
            AppProvisioningCommand.Stop.class,
            AppProvisioningCommand.Status.class,
            AppProvisioningCommand.Run.class,
            AppProvisioningCommand.Log.class,
            AppProvisioningCommand.Remove.class
        })
final class AppProvisioningCommand extends Topic {
    /// Of which application.
    static final class Of {
        @Parameters(index = "0", paramLabel = "APP", description = "The application's name or id.")
        private String application = "";

        String principal(Api api) {
            var lookup = new Lookup(api);
            return lookup.servicePrincipal(lookup.application(application))
                    .path("id")
                    .asString("");
        }

        String job(Api api) {
            return "/servicePrincipals/" + principal(api) + "/synchronization";
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Say where the application takes users and how; what is left out stays. Nothing is sent"
                    + " until 'start'.")
    static final class Setting extends Topic.Action {
        @Mixin
        private Of of = new Of();

        @Option(
                names = "--target",
                paramLabel = "URL",
                description = "Of its SCIM service, such as https://app.example/scim/v2.")
        private @Nullable String url;

        @Option(
                names = "--secret-file",
                paramLabel = "FILE",
                description = "Holds the token, or the client secret, which stays out of process lists.")
        private @Nullable Path secret;

        @Option(names = "--token-url", paramLabel = "URL", description = "Where tokens are fetched by client secret.")
        private @Nullable String tokenUrl;

        @Option(names = "--client-id", paramLabel = "ID", description = "What that place calls us.")
        private @Nullable String clientId;

        @Option(names = "--scope", paramLabel = "SCOPE", description = "Asked for there.", defaultValue = "")
        private String scope = "";

        @Option(
                names = "--match",
                paramLabel = "ATTRIBUTE",
                description = "By what a user who is there is known: userName (default) or externalId.")
        private @Nullable String match;

        @Option(
                names = "--actions",
                paramLabel = "ACTION",
                split = ",",
                description = "What may be done there: create,update,disable,delete (default: all).")
        private @Nullable List<String> actions;

        @Option(names = "--groups", negatable = true, description = "Provision assigned groups too (default), or not.")
        private @Nullable Boolean groups;

        @Option(
                names = "--map",
                paramLabel = "ATTRIBUTE=EXPRESSION",
                description = "Where an attribute there comes from, or none; of all that differ from the usual.")
        private @Nullable Map<String, String> mapping = new LinkedHashMap<>();

        @Option(
                names = "--removal-threshold",
                paramLabel = "NUMBER",
                description = "So many are disabled or deleted without your word (default 500, and 10 %%).")
        private @Nullable Integer threshold;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            put(body, "targetUrl", url);
            if (secret != null) {
                body.put("secret", AppSsoCommand.read(secret).strip());
            }
            if (tokenUrl != null || clientId != null) {
                if (tokenUrl == null || clientId == null) {
                    throw new Fault("--token-url and --client-id belong together; give both");
                }
                body.putObject("clientCredentials")
                        .put("tokenUrl", tokenUrl)
                        .put("clientId", clientId)
                        .put("scope", scope);
            }
            put(body, "matchAttribute", match);
            if (actions != null) {
                actions.forEach(body.putArray("targetObjectActions")::add);
            }
            if (groups != null) {
                body.put("provisionGroups", groups);
            }
            if (mapping != null && !mapping.isEmpty()) {
                mapping.forEach(body.putObject("attributeMappings")::put);
            }
            if (threshold != null) {
                body.put("deletionThreshold", threshold);
            }
            String job = of.job(api);
            api.put(job, body);
            JsonNode set = api.get(job);
            if (json()) {
                screen.json(set);
            } else {
                screen.line("Users of '" + set.path("displayName").asString("") + "' go to "
                        + set.path("targetUrl").asString("") + ". Try it with 'postern app provisioning test', then"
                        + " 'start'.");
            }
        }

        private static void put(ObjectNode body, String name, @Nullable String value) {
            if (value != null) {
                body.put(name, value);
            }
        }
    }

    @Command(name = "test", mixinStandardHelpOptions = true, description = "Ask the application, with its token.")
    static final class Test extends Topic.Action {
        @Mixin
        private Of of = new Of();

        @Override
        void run(Api api, Screen screen) {
            JsonNode tried = api.post(of.job(api) + "/validateCredentials", Api.object());
            if (json()) {
                screen.json(tried);
            } else if (tried.path("succeeded").asBoolean()) {
                screen.line("The application answers, and takes the token.");
            } else {
                throw new Fault(tried.path("message").asString(""));
            }
        }
    }

    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Send what is assigned now, and every change from now on; ends a quarantine too.")
    static final class Start extends Topic.Action {
        @Mixin
        private Of of = new Of();

        @Option(names = "--anew", description = "Send everything again, whatever the application knows.")
        private boolean anew;

        @Option(
                names = "--allow-removals",
                paramLabel = "NUMBER",
                description = "So many may be disabled or deleted now.")
        private @Nullable Integer removals;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object().put("resetScope", anew);
            if (removals != null) {
                body.put("allowedRemovals", removals);
            }
            JsonNode started = api.post(of.job(api) + "/start", body);
            if (json()) {
                screen.json(started);
            } else {
                screen.line("Started; see 'postern app provisioning status'.");
            }
        }
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Send nothing any more; what changes meanwhile is sent at the next start.")
    static final class Stop extends Topic.Action {
        @Mixin
        private Of of = new Of();

        @Override
        void run(Api api, Screen screen) {
            JsonNode stopped = api.post(of.job(api) + "/pause", Api.object());
            if (json()) {
                screen.json(stopped);
            } else {
                screen.line("Stopped; users stay in the application as they are.");
            }
        }
    }

    @Command(name = "status", mixinStandardHelpOptions = true, description = "How it stands, and what went wrong.")
    static final class Status extends Topic.Action {
        @Mixin
        private Of of = new Of();

        @Override
        void run(Api api, Screen screen) {
            JsonNode job = api.get(of.job(api));
            if (json()) {
                screen.json(job);
                return;
            }
            JsonNode status = job.path("status");
            screen.line(status.path("code").asString("") + ": "
                    + status.path("users").asInt() + " users and "
                    + status.path("groups").asInt() + " groups in "
                    + job.path("targetUrl").asString("") + ", "
                    + status.path("waiting").asInt() + " waiting");
            if (status.path("message").isString()) {
                screen.line("  " + status.path("message").asString() + "; the next attempt is at "
                        + status.path("pausedUntil").asString("any moment"));
            }
            int held = status.path("heldRemovals").asInt();
            if (held > 0) {
                screen.line("  " + held + " would be disabled or deleted, and wait for your word: start"
                        + " --allow-removals " + held);
            }
            List<List<String>> rows = status.path("errors")
                    .valueStream()
                    .map(error -> List.of(
                            error.path("displayName").asString(""),
                            error.path("message").asString(""),
                            error.path("nextAttemptDateTime").asString("")))
                    .toList();
            if (!rows.isEmpty()) {
                screen.table(List.of("NOT THERE", "BECAUSE", "NEXT ATTEMPT"), rows, "");
            }
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Bring one user now, step by step, whether it is started or not.")
    static final class Run extends Topic.Action {
        @Mixin
        private Of of = new Of();

        @Option(names = "--user", required = true, paramLabel = "USER", description = "User principal name or id.")
        private String user = "";

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object()
                    .put("userId", new Lookup(api).user(user).path("id").asString(""));
            JsonNode report = api.post(of.job(api) + "/provisionOnDemand", body);
            if (json()) {
                screen.json(report);
                return;
            }
            var rows = new ArrayList<List<String>>();
            report.path("provisioningSteps")
                    .forEach(step -> rows.add(List.of(
                            step.path("name").asString(""),
                            step.path("status").asString(""),
                            step.path("description").asString(""))));
            screen.table(List.of("STEP", "RESULT", "WHAT"), rows, "Nothing was done.");
            report.path("modifiedProperties")
                    .forEach(m -> screen.line("  " + m.path("displayName").asString("") + ": '"
                            + m.path("oldValue").asString("") + "' -> '"
                            + m.path("newValue").asString("") + "'"));
            if (report.path("status").asString("").equals("failure")) {
                throw new Fault(report.path("recommendedAction").asString(""));
            }
        }
    }

    @Command(name = "log", mixinStandardHelpOptions = true, description = "What was done, the newest first.")
    static final class Log extends Topic.Action {
        @Mixin
        private Of of = new Of();

        @Option(names = "--failed", description = "Only what went wrong.")
        private boolean failed;

        @Option(
                names = "--top",
                paramLabel = "NUMBER",
                description = "So many (default ${DEFAULT-VALUE}).",
                defaultValue = "50")
        private int top;

        @Override
        void run(Api api, Screen screen) {
            String filter =
                    "servicePrincipal/id eq '" + of.principal(api) + "'" + (failed ? " and status eq 'failure'" : "");
            JsonNode page = api.get("/auditLogs/provisioning?$top=" + top + "&$filter=" + Api.encode(filter));
            if (json()) {
                screen.json(page.path("value"));
                return;
            }
            screen.table(
                    List.of("TIME", "ACTION", "WHO", "RESULT", "WHAT"),
                    page.path("value")
                            .valueStream()
                            .map(entry -> List.of(
                                    entry.path("activityDateTime").asString(""),
                                    entry.path("provisioningAction").asString(""),
                                    entry.at("/sourceIdentity/displayName").asString(""),
                                    entry.at("/provisioningStatusInfo/status").asString(""),
                                    last(entry.path("provisioningSteps"))))
                            .toList(),
                    "Nothing was sent to it yet.");
        }

        private static String last(JsonNode steps) {
            return steps.isEmpty()
                    ? ""
                    : steps.get(steps.size() - 1).path("description").asString("");
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "End it for good, and forget the token. Users and groups stay in the application.")
    static final class Remove extends Topic.Action {
        @Mixin
        private Of of = new Of();

        @Override
        void run(Api api, Screen screen) {
            String job = of.job(api);
            api.delete(job);
            if (json()) {
                screen.json(Api.object().put("removed", true));
            } else {
                screen.line("Removed; users and groups stay in the application as they are.");
            }
        }
    }
}
