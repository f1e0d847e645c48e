package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What an application offers to others: scopes, which clients ask for in a user's name, and app roles (ASG-7).
final class ClientOfferCommands {
    private ClientOfferCommands() {}

    @Command(
            name = "scope",
            mixinStandardHelpOptions = true,
            description = "Scopes that the application's API exposes.",
            subcommands = {AddScope.class, ListScopes.class, RemoveScope.class})
    static final class Scope extends Topic {}

    @Command(
            name = "role",
            mixinStandardHelpOptions = true,
            description = "App roles, to which users, groups and other applications are assigned.",
            subcommands = {AddRole.class, ListRoles.class, RemoveRole.class})
    static final class Role extends Topic {}

    private static JsonNode scopes(JsonNode application) {
        return application.at("/api/oauth2PermissionScopes");
    }

    private static void putScopes(Api api, JsonNode application, List<ObjectNode> all) {
        ObjectNode body = Api.object();
        body.putObject("api").set("oauth2PermissionScopes", AppClientCommand.array(all));
        api.patch(AppClientCommand.path(application), body);
    }

    private static void putRoles(Api api, JsonNode application, List<ObjectNode> all) {
        ObjectNode body = Api.object();
        body.set("appRoles", AppClientCommand.array(all));
        api.patch(AppClientCommand.path(application), body);
    }

    private static boolean isCalled(JsonNode one, String value) {
        return one.path("value").asString("").equals(value);
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Expose a scope.")
    static final class AddScope extends ClientCredentialCommands.OfOne {
        @Parameters(index = "1", paramLabel = "VALUE", description = "As clients ask for it, such as orders.read.")
        private String value = "";

        @Option(names = "--display-name", paramLabel = "TEXT", description = "What users read when they are asked.")
        private String displayName = "";

        @Option(names = "--admin-only", description = "Only an administrator may consent to it.")
        private boolean adminOnly;

        @Override
        void run(Api api, Screen screen) {
            JsonNode application = application(api);
            List<ObjectNode> all = AppClientCommand.objects(scopes(application));
            String shown = displayName.isEmpty() ? value : displayName;
            all.add(Api.object()
                    .put("value", value)
                    .put("type", adminOnly ? "Admin" : "User")
                    .put("adminConsentDisplayName", shown)
                    .put("adminConsentDescription", shown));
            putScopes(api, application, all);
            if (json()) {
                screen.json(api.get(AppClientCommand.path(application)));
            } else {
                screen.line(
                        "Clients may ask for api://" + application.path("appId").asString("") + "/" + value + ".");
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the scopes.")
    static final class ListScopes extends ClientCredentialCommands.OfOne {
        @Override
        void run(Api api, Screen screen) {
            List<ObjectNode> all = AppClientCommand.objects(scopes(application(api)));
            if (json()) {
                screen.json(List.copyOf(all));
                return;
            }
            screen.table(
                    List.of("SCOPE", "NAME", "CONSENT BY"),
                    all.stream()
                            .map(s -> List.of(
                                    s.path("value").asString(""),
                                    s.path("adminConsentDisplayName").asString(""),
                                    s.path("type").asString("").equals("Admin") ? "administrators" : "users"))
                            .toList(),
                    "No scope yet.");
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Take a scope back.")
    static final class RemoveScope extends ClientCredentialCommands.OfOne {
        @Parameters(index = "1", paramLabel = "VALUE", description = "As the list shows it.")
        private String value = "";

        @Override
        void run(Api api, Screen screen) {
            JsonNode application = application(api);
            List<ObjectNode> all = AppClientCommand.objects(scopes(application));
            if (!all.removeIf(scope -> isCalled(scope, value))) {
                throw new Fault("'" + name() + "' has no scope '" + value + "'; see 'postern app client scope list'");
            }
            putScopes(api, application, all);
            if (json()) {
                screen.json(api.get(AppClientCommand.path(application)));
            } else {
                screen.line("Removed the scope " + value + ".");
            }
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Add an app role.")
    static final class AddRole extends ClientCredentialCommands.OfOne {
        @Parameters(index = "1", paramLabel = "VALUE", description = "As tokens carry it, without blanks.")
        private String value = "";

        @Option(names = "--display-name", paramLabel = "TEXT", description = "What administrators read.")
        private String displayName = "";

        @Option(
                names = "--for",
                split = ",",
                paramLabel = "WHOM",
                description = "users (default), applications, or both by a comma.")
        private List<String> members = new ArrayList<>();

        @Override
        void run(Api api, Screen screen) {
            JsonNode application = application(api);
            List<ObjectNode> all = AppClientCommand.objects(application.path("appRoles"));
            ObjectNode role = Api.object()
                    .put("value", value)
                    .put("displayName", displayName.isEmpty() ? value : displayName)
                    .put("isEnabled", true);
            ArrayNode types = role.putArray("allowedMemberTypes");
            for (String member : members.isEmpty() ? List.of("users") : members) {
                switch (member) {
                    case "users" -> types.add("User");
                    case "applications" -> types.add("Application");
                    default -> throw new Fault("--for is '" + member + "' but must be users, applications or both");
                }
            }
            all.add(role);
            putRoles(api, application, all);
            if (json()) {
                screen.json(api.get(AppClientCommand.path(application)));
            } else {
                screen.line("Added the app role " + value + ".");
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the app roles.")
    static final class ListRoles extends ClientCredentialCommands.OfOne {
        @Override
        void run(Api api, Screen screen) {
            List<ObjectNode> all = AppClientCommand.objects(application(api).path("appRoles"));
            if (json()) {
                screen.json(List.copyOf(all));
                return;
            }
            screen.table(
                    List.of("ROLE", "NAME", "FOR", "ID"),
                    all.stream()
                            .map(r -> List.of(
                                    r.path("value").asString(""),
                                    r.path("displayName").asString(""),
                                    String.join(", ", AppClientCommand.texts(r.path("allowedMemberTypes"))),
                                    r.path("id").asString("")))
                            .toList(),
                    "No app role yet.");
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Disable an app role and remove it, with its assignments.")
    static final class RemoveRole extends ClientCredentialCommands.OfOne {
        @Parameters(index = "1", paramLabel = "VALUE", description = "As the list shows it.")
        private String value = "";

        @Override
        void run(Api api, Screen screen) {
            JsonNode application = application(api);
            List<ObjectNode> all = AppClientCommand.objects(application.path("appRoles"));
            if (all.stream().noneMatch(role -> isCalled(role, value))) {
                throw new Fault("'" + name() + "' has no app role '" + value + "'; see 'postern app client role list'");
            }
            all.stream().filter(role -> isCalled(role, value)).forEach(role -> role.put("isEnabled", false));
            putRoles(api, application, all); // ASG-7: first disabled, then removed
            all.removeIf(role -> isCalled(role, value));
            putRoles(api, application, all);
            if (json()) {
                screen.json(api.get(AppClientCommand.path(application)));
            } else {
                screen.line("Removed the app role " + value + ".");
            }
        }
    }
}
