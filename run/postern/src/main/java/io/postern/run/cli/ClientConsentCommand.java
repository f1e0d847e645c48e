package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app client consent`: what clients may ask of other applications in users' names.
@Command(
        name = "consent",
        mixinStandardHelpOptions = true,
        description = "What the client may ask of other applications in users' names.",
        subcommands = {
            ClientConsentCommand.Grant.class,
            ClientConsentCommand.Listing.class,
            ClientConsentCommand.Revoke.class
        })
final class ClientConsentCommand extends Topic {
    private static final String GRANTS = "/oauth2PermissionGrants";

    private static String principal(Api api, JsonNode application) {
        return new Lookup(api).servicePrincipal(application).path("id").asString("");
    }

    private static List<JsonNode> grants(Api api, String principal) {
        return api.list(GRANTS + "?$filter=" + Api.encode("clientId eq '" + principal + "'"));
    }

    @Command(
            name = "grant",
            mixinStandardHelpOptions = true,
            description = "Consent as administrator: for everybody, or with --user for one.")
    static final class Grant extends ClientCredentialCommands.OfOne {
        @Parameters(index = "1", paramLabel = "RESOURCE", description = "Name or id of the application that is asked.")
        private String resource = "";

        @Parameters(index = "2..*", arity = "1..*", paramLabel = "SCOPE", description = "Values of its scopes.")
        private List<String> scopes = List.of();

        @Option(names = "--user", paramLabel = "USER", description = "Only for this user.")
        private String user = "";

        @Override
        void run(Api api, Screen screen) {
            JsonNode of = new Lookup(api).application(resource);
            ObjectNode body = Api.object()
                    .put("clientId", principal(api, application(api)))
                    .put("resourceId", of.path("appId").asString(""))
                    .put("scope", String.join(" ", scopes))
                    .put("consentType", user.isEmpty() ? "AllPrincipals" : "Principal");
            if (!user.isEmpty()) {
                body.put("principalId", new Lookup(api).user(user).path("id").asString(""));
            }
            JsonNode made = api.post(GRANTS, body);
            if (json()) {
                screen.json(made);
            } else {
                screen.line("'" + name() + "' may ask '" + resource + "' for "
                        + made.path("scope").asString("") + " in the name of " + (user.isEmpty() ? "every user" : user)
                        + ".");
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List what was consented to.")
    static final class Listing extends ClientCredentialCommands.OfOne {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> grants = grants(api, principal(api, application(api)));
            if (json()) {
                screen.json(grants);
                return;
            }
            screen.table(
                    List.of("ID", "RESOURCE", "SCOPES", "FOR"),
                    grants.stream()
                            .map(g -> List.of(
                                    g.path("id").asString(""),
                                    g.path("resourceId").asString(""),
                                    g.path("scope").asString(""),
                                    g.path("principalId").asString("everybody")))
                            .toList(),
                    "Nobody has consented to anything yet.");
        }
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Take a consent back.")
    static final class Revoke extends ClientCredentialCommands.OfOne {
        @Parameters(index = "1", paramLabel = "ID", description = "As the list shows it.")
        private String id = "";

        @Override
        void run(Api api, Screen screen) {
            if (grants(api, principal(api, application(api))).stream()
                    .noneMatch(g -> g.path("id").asString("").equals(id))) {
                throw new Fault("'" + name() + "' has no consent " + id + "; see 'postern app client consent list'");
            }
            api.delete(GRANTS + "/" + Api.encode(id));
            if (json()) {
                screen.json(Api.object().put("id", id));
            } else {
                screen.line("Revoked.");
            }
        }
    }
}
