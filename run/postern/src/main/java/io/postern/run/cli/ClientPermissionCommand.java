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

/// `postern app client permission`: what a client declares that it will ask of other applications. Declaring gives
/// nothing: users or an administrator consent (`postern app client consent`).
@Command(
        name = "permission",
        mixinStandardHelpOptions = true,
        description = "What the client declares that it asks of other applications.",
        subcommands = {
            ClientPermissionCommand.Add.class,
            ClientPermissionCommand.Listing.class,
            ClientPermissionCommand.Remove.class
        })
final class ClientPermissionCommand extends Topic {
    /// A scope or an app role of a resource.
    record Wanted(JsonNode resource, String id, String type) {
        static Wanted of(Api api, String resource, String value, boolean role) {
            JsonNode offers = AppClientCommand.registration(api, resource);
            JsonNode all = role ? offers.path("appRoles") : offers.at("/api/oauth2PermissionScopes");
            for (JsonNode one : all) {
                if (one.path("value").asString("").equals(value)) {
                    return new Wanted(offers, one.path("id").asString(""), role ? "Role" : "Scope");
                }
            }
            throw new Fault("'" + resource + "' has no " + (role ? "app role" : "scope") + " '" + value
                    + "'; see 'postern app client " + (role ? "role" : "scope") + " list'");
        }

        String appId() {
            return resource.path("appId").asString("");
        }

        boolean is(JsonNode access) {
            return access.path("id").asString("").equals(id);
        }
    }

    private static void put(Api api, JsonNode application, List<ObjectNode> required) {
        ObjectNode body = Api.object();
        body.set("requiredResourceAccess", AppClientCommand.array(required));
        api.patch(AppClientCommand.path(application), body);
    }

    /// The client, the resource and what of it.
    abstract static class OfTwo extends ClientCredentialCommands.OfOne {
        @Parameters(index = "1", paramLabel = "RESOURCE", description = "Name or id of the application that offers it.")
        private String resource = "";

        @Parameters(
                index = "2",
                paramLabel = "VALUE",
                description = "The scope's value, or with --role the app role's.")
        private String value = "";

        @Option(names = "--role", description = "An app role for the application itself, not a scope in a user's name.")
        private boolean role;

        @Override
        void run(Api api, Screen screen) {
            Wanted wanted = Wanted.of(api, resource, value, role);
            JsonNode application = application(api);
            List<ObjectNode> required = AppClientCommand.objects(application.path("requiredResourceAccess"));
            screen(api, screen, application, change(required, wanted));
        }

        abstract List<ObjectNode> change(List<ObjectNode> required, Wanted wanted);

        abstract String said(String resource, String value);

        private void screen(Api api, Screen screen, JsonNode application, List<ObjectNode> required) {
            put(api, application, required);
            if (json()) {
                screen.json(api.get(AppClientCommand.path(application)));
            } else {
                screen.line(said(resource, value));
            }
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Declare a permission.")
    static final class Add extends OfTwo {
        @Override
        List<ObjectNode> change(List<ObjectNode> required, Wanted wanted) {
            ObjectNode of = required.stream()
                    .filter(r -> r.path("resourceAppId").asString("").equals(wanted.appId()))
                    .findFirst()
                    .orElseGet(() -> {
                        ObjectNode made = Api.object().put("resourceAppId", wanted.appId());
                        required.add(made);
                        return made;
                    });
            ArrayNode access = of.withArray("resourceAccess");
            for (JsonNode one : access) {
                if (wanted.is(one)) {
                    throw new Fault("it is declared already");
                }
            }
            access.addObject().put("id", wanted.id()).put("type", wanted.type());
            return required;
        }

        @Override
        String said(String resource, String value) {
            return "Declared " + value + " of '" + resource + "'. Next: postern app client consent grant '" + name()
                    + "' '" + resource + "' " + value;
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Declare a permission no longer.")
    static final class Remove extends OfTwo {
        @Override
        List<ObjectNode> change(List<ObjectNode> required, Wanted wanted) {
            var left = new ArrayList<ObjectNode>();
            boolean found = false;
            for (ObjectNode one : required) {
                List<ObjectNode> access = AppClientCommand.objects(one.path("resourceAccess"));
                found |= access.removeIf(wanted::is);
                if (!access.isEmpty()) {
                    one.set("resourceAccess", AppClientCommand.array(access));
                    left.add(one);
                }
            }
            if (!found) {
                throw new Fault("'" + name() + "' does not declare it; see 'postern app client permission list'");
            }
            return left;
        }

        @Override
        String said(String resource, String value) {
            return "Declared no longer: " + value + " of '" + resource + "'. Consent given stays until revoked.";
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the declared permissions.")
    static final class Listing extends ClientCredentialCommands.OfOne {
        @Override
        void run(Api api, Screen screen) {
            JsonNode required = application(api).path("requiredResourceAccess");
            if (json()) {
                screen.json(List.copyOf(AppClientCommand.objects(required)));
                return;
            }
            var rows = new ArrayList<List<String>>();
            for (JsonNode one : required) {
                String appId = one.path("resourceAppId").asString("");
                JsonNode resource = AppClientCommand.registration(api, appId);
                for (JsonNode access : one.path("resourceAccess")) {
                    boolean role = access.path("type").asString("").equals("Role");
                    JsonNode all = role ? resource.path("appRoles") : resource.at("/api/oauth2PermissionScopes");
                    rows.add(List.of(
                            resource.path("displayName").asString(""),
                            role ? "app role" : "scope",
                            value(all, access.path("id").asString(""))));
                }
            }
            screen.table(List.of("RESOURCE", "KIND", "VALUE"), rows, "No permission is declared.");
        }

        private static String value(JsonNode all, String id) {
            for (JsonNode one : all) {
                if (one.path("id").asString("").equals(id)) {
                    return one.path("value").asString("");
                }
            }
            return id + " (gone)";
        }
    }
}
