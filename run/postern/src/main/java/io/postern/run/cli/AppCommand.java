package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app`: applications.
@Command(
        name = "app",
        mixinStandardHelpOptions = true,
        description = "Publish applications and say who may use them.",
        subcommands = {
            AppPublishCommand.class,
            AppCreateCommand.class,
            AppCommand.Listing.class,
            AppCommand.Show.class,
            AppMaintenanceCommand.class,
            AppSetCommand.class,
            AppHealthCommand.class,
            AppPreflightCommand.class,
            AppTestCommand.class,
            AppSsoCommand.class,
            AppClientCommand.class,
            AppLinksCommand.class,
            AppFollowCommand.class,
            AppMoveCommand.class,
            AppOwnerCommand.class,
            AppProvisioningCommand.class,
            AccessRequestsCommand.class,
            AppCollectionCommand.class,
            AppCommand.Delete.class,
            AppCommand.Assign.class,
            AppUnassignCommand.class
        })
public final class AppCommand extends Topic {
    AppCommand() {}

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List applications: published ones, and those that only sign their users in here.")
    static final class Listing extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            var principals = new HashMap<String, JsonNode>();
            api.list("/servicePrincipals")
                    .forEach(p -> principals.put(p.path("appId").asString(""), p));
            List<JsonNode> applications = api.list("/applications").stream()
                    .filter(a -> !principal(principals, a).path("isBuiltIn").asBoolean(false))
                    .toList();
            if (json()) {
                screen.json(applications);
                return;
            }
            screen.table(
                    List.of("NAME", "EXTERNAL URL", "INTERNAL URL", "SIGN-IN", "SIGN-ON"),
                    applications.stream()
                            .map(a -> row(a, principal(principals, a)))
                            .toList(),
                    "There is no application yet; add one with 'postern app publish', 'postern gallery add' or"
                            + " 'postern app client add'.");
        }

        /// Missing where the registration has none yet.
        private static JsonNode principal(Map<String, JsonNode> principals, JsonNode application) {
            return principals.getOrDefault(application.path("appId").asString(""), MissingNode.getInstance());
        }

        private static List<String> row(JsonNode application, JsonNode principal) {
            JsonNode publishing = application.path("onPremisesPublishing");
            boolean published = publishing.has("externalUrl");
            String mode = principal.path("preferredSingleSignOnMode").asString("notSupported");
            return List.of(
                    application.path("displayName").asString(""),
                    published ? publishing.path("externalUrl").asString("") : "-",
                    published ? publishing.path("internalUrl").asString("") : "-",
                    published ? signIn(publishing) : "-",
                    !mode.equals("notSupported") ? mode : published ? "-" : "client");
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show one application.")
    static final class Show extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode application = new Lookup(api).application(name.required("application"));
            if (json()) {
                screen.json(application);
                return;
            }
            JsonNode publishing = application.path("onPremisesPublishing");
            screen.line("Name          " + application.path("displayName").asString(""));
            screen.line("Id            " + application.path("id").asString(""));
            screen.line("Client id     " + application.path("appId").asString(""));
            if (publishing.has("externalUrl")) {
                JsonNode group =
                        api.get("/applications/" + application.path("id").asString() + "/connectorGroup");
                screen.line("External URL  " + publishing.path("externalUrl").asString(""));
                screen.line("Internal URL  " + publishing.path("internalUrl").asString(""));
                screen.line("Sign-in       " + signIn(publishing));
                screen.line("Connectors    group " + group.path("name").asString(""));
                screen.line("Maintenance   "
                        + (publishing.path("isMaintenanceModeEnabled").asBoolean(false) ? "on" : "off"));
            }
            JsonNode principal = new Lookup(api).servicePrincipal(application);
            String mode = principal.path("preferredSingleSignOnMode").asString("notSupported");
            if (!mode.equals("notSupported")) {
                screen.line("Sign-on       " + mode + "; see 'postern app sso show'");
            }
            screen.line("Home page     " + application.at("/web/homePageUrl").asString("-"));
            screen.line("Tile          " + (isHidden(principal) ? "hidden" : "visible to assigned users"));
            if (application.hasNonNull("notes")) {
                screen.line("Notes         " + application.path("notes").asString(""));
            }
            var assigned = new ArrayList<String>();
            api.list("/servicePrincipals/" + principal.path("id").asString() + "/appRoleAssignedTo")
                    .forEach(a -> assigned.add(a.path("principalDisplayName").asString("")));
            screen.line("Assigned      " + (assigned.isEmpty() ? "nobody" : String.join(", ", assigned)));
            if (publishing.has("externalUrl")) {
                screen.line("");
                screen.line("Every setting: postern export '"
                        + application.path("displayName").asString("") + "'");
            }
        }

        private static boolean isHidden(JsonNode principal) {
            for (JsonNode tag : principal.path("tags")) {
                if (tag.asString("").equals("HideApp")) {
                    return true;
                }
            }
            return false;
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Delete an application; it is unreachable at once.")
    static final class Delete extends DeleteCommand {
        @Override
        Doomed find(Api api, Name wanted) {
            JsonNode application = new Lookup(api).application(wanted.required("application"));
            String id = application.path("id").asString();
            return new Doomed(
                    "/applications/" + id,
                    id,
                    "'" + application.path("displayName").asString("") + "'");
        }
    }

    @Command(
            name = "assign",
            mixinStandardHelpOptions = true,
            description = "Let users, or the direct members of groups, use an application.")
    static final class Assign extends Topic.Action implements Callable<Integer> {
        @Mixin
        private Name name = new Name();

        @Option(
                names = {"--app"},
                paramLabel = "NAME",
                hidden = true)
        private String app = "";

        @Mixin
        private Principals principals = new Principals();

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "App role by name or value (default: Default Access).")
        private String role = "";

        @Option(names = "--from", paramLabel = "TIME", description = "Not before, such as 2027-01-31T00:00:00Z.")
        private String from = "";

        @Option(names = "--until", paramLabel = "TIME", description = "Ends then by itself.")
        private String until = "";

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown in reviews.")
        private String reason = "";

        @Override
        public Integer call() {
            principals.required();
            return super.call();
        }

        @Override
        void run(Api api, Screen screen) {
            var lookup = new Lookup(api);
            JsonNode application = lookup.application(app.isEmpty() ? name.required("application") : app);
            JsonNode resource = lookup.servicePrincipal(application);
            List<JsonNode> named = principals.find(lookup);
            var done = new ArrayList<JsonNode>();
            for (JsonNode principal : named) {
                done.add(assign(api, resource, principal, Lookup.appRole(application, role)));
            }
            if (json()) {
                screen.json(done);
                return;
            }
            for (JsonNode principal : named) {
                screen.line("'" + principal.path("displayName").asString("") + "' may use '"
                        + application.path("displayName").asString("") + "'.");
            }
        }

        private JsonNode assign(Api api, JsonNode resource, JsonNode principal, String roleId) {
            String path = "/servicePrincipals/" + resource.path("id").asString() + "/appRoleAssignedTo";
            String id = principal.path("id").asString();
            for (JsonNode held : api.list(path)) {
                if (held.path("principalId").asString("").equals(id)
                        && held.path("appRoleId").asString("").equals(roleId)) {
                    ObjectNode terms = terms(Api.object());
                    if (!terms.isEmpty()) {
                        api.patch(path + "/" + held.path("id").asString(""), terms);
                    }
                    return held; // twice is no fault
                }
            }
            ObjectNode body = Api.object();
            body.put("principalId", id).put("resourceId", resource.path("id").asString());
            return api.post(path, terms(body.put("appRoleId", roleId)));
        }

        private ObjectNode terms(ObjectNode body) {
            if (!from.isEmpty()) {
                body.put("startDateTime", from);
            }
            if (!until.isEmpty()) {
                body.put("endDateTime", until);
            }
            return reason.isEmpty() ? body : body.put("reason", reason);
        }
    }

    static String signIn(JsonNode publishing) {
        return switch (publishing.path("externalAuthenticationType").asString("")) {
            case "passthru" -> "passthrough";
            case "aadPreAuthentication" -> "postern";
            case String other ->
                throw new Fault("the service knows a way to sign in that this command does not: " + other);
        };
    }
}
