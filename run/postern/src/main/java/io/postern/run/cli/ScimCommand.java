package io.postern.run.cli;

import io.postern.run.Fault;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern scim`: programs that provision users and groups, and their tokens.
@Command(
        name = "scim",
        mixinStandardHelpOptions = true,
        description = "Programs that provision users and groups by SCIM, such as another directory.",
        subcommands = {
            ScimCommand.Add.class,
            ScimCommand.Listing.class,
            ScimCommand.Token.class,
            ScimCommand.Revoke.class,
            ScimCommand.Remove.class
        })
public final class ScimCommand extends Topic {
    private static final String CLIENTS = "/provisioningClients";

    ScimCommand() {}

    /// How long a token holds.
    static final class Expiry {
        @Option(
                names = "--expires",
                paramLabel = "DATE",
                description = "First day on which the token is refused, such as 2027-01-31 (default: until revoked).")
        private @Nullable String expires;

        ObjectNode body() {
            ObjectNode body = Api.object();
            if (expires != null) {
                try {
                    body.put(
                            "expirationDateTime",
                            LocalDate.parse(expires)
                                    .atStartOfDay()
                                    .toInstant(ZoneOffset.UTC)
                                    .toString());
                } catch (DateTimeException e) {
                    throw new Fault("--expires '" + expires + "' is not a date such as 2027-01-31", e);
                }
            }
            return body;
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Let a program provision users and groups. Its token is shown once.")
    static final class Add extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Mixin
        private Expiry expiry = new Expiry();

        @Override
        void run(Api api, Screen screen) {
            String wanted = name.required("program (such as Okta)");
            JsonNode added = api.post(CLIENTS, expiry.body().put("displayName", wanted));
            if (json()) {
                screen.json(added);
                return;
            }
            screen.line("Added " + added.path("displayName").asString(wanted) + ". In its settings:");
            screen.line("  URL    " + api.ownOrigin("api") + "/scim/v2");
            screen.line("  Token  " + added.path("secretText").asString("") + "   (shown this once)");
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the programs and their tokens.")
    static final class Listing extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> clients = api.list(CLIENTS);
            if (json()) {
                screen.json(clients);
                return;
            }
            var rows = new ArrayList<List<String>>();
            for (JsonNode client : clients) {
                String name = client.path("displayName").asString("");
                for (JsonNode token : client.path("tokens")) {
                    rows.add(List.of(
                            name,
                            token.path("id").asString(""),
                            token.path("createdDateTime").asString(""),
                            token.path("expirationDateTime").asString("never")));
                }
                if (client.path("tokens").isEmpty()) {
                    rows.add(List.of(name, "(none)", "", ""));
                }
            }
            screen.table(
                    List.of("PROGRAM", "TOKEN", "MADE", "EXPIRES"),
                    rows,
                    "No program provisions users yet; add one with 'postern scim add'.");
        }
    }

    @Command(
            name = "token",
            mixinStandardHelpOptions = true,
            description = "Make a further token of a program, shown once; the others stay until they are revoked.")
    static final class Token extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Mixin
        private Expiry expiry = new Expiry();

        @Override
        void run(Api api, Screen screen) {
            JsonNode client = client(api, name.required("program"));
            JsonNode token = api.post(path(client) + "/tokens", expiry.body());
            if (json()) {
                screen.json(token);
            } else {
                screen.line(token.path("secretText").asString("") + "   (shown this once)");
            }
        }
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Make a token of a program worthless, at once.")
    static final class Revoke extends Topic.Action {
        @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Name or id of the program.")
        private @Nullable String name;

        @Parameters(index = "1", arity = "0..1", paramLabel = "TOKEN", description = "As 'postern scim list' has it.")
        private @Nullable String token;

        @Override
        void run(Api api, Screen screen) {
            if (name == null || token == null) {
                throw new Fault(
                        "which token of which program? Give its name and the token's id, see 'postern scim list'");
            }
            api.delete(path(client(api, name)) + "/tokens/" + Api.encode(token));
            if (json()) {
                screen.json(Api.object().put("revoked", token));
            } else {
                screen.line("Revoked token " + token + ".");
            }
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Remove a program and its tokens. Users and groups that it made stay.")
    static final class Remove extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode client = client(api, name.required("program"));
            api.delete(path(client));
            if (json()) {
                screen.json(Api.object().put("removed", client.path("id").asString("")));
            } else {
                screen.line("Removed " + client.path("displayName").asString("") + "; its users and groups stay.");
            }
        }
    }

    private static JsonNode client(Api api, String nameOrId) {
        return api.list(CLIENTS).stream()
                .filter(c -> c.path("displayName").asString("").equalsIgnoreCase(nameOrId)
                        || c.path("id").asString("").equals(nameOrId))
                .findFirst()
                .orElseThrow(() -> new Fault("no program is called '" + nameOrId + "'; see 'postern scim list'"));
    }

    private static String path(JsonNode client) {
        return CLIENTS + "/" + client.path("id").asString("");
    }
}
