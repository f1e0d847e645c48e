package io.postern.run.cli;

import io.postern.run.Passwords;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The service's tenants, for whoever operates it.
final class TenantAddCommands {
    private TenantAddCommands() {}

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description =
                    "Add a tenant with its first administrator. For administrators of the service's first tenant.")
    static final class Add extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--domain", required = true, paramLabel = "DOMAIN", description = "Of its users' names.")
        private String domain = "";

        @Option(names = "--display-name", paramLabel = "TEXT", description = "Name to show.")
        private @Nullable String displayName;

        @Option(
                names = "--administrator",
                paramLabel = "USER",
                description = "Its first Global Administrator (default: admin@DOMAIN).")
        private @Nullable String administrator;

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description =
                        "File with the administrator's password in its first line; - reads standard input. Without"
                                + " it one is made and shown once. It is changed at the first sign-in.")
        private @Nullable String passwordFile;

        @Override
        void run(Api api, Screen screen) {
            String tenant = name.required("tenant (a short name such as fabrikam)");
            String password = passwordFile == null ? Passwords.generate() : UserCommand.password(passwordFile);
            ObjectNode body = Api.object();
            body.put("name", tenant).put("domain", domain);
            body.put("displayName", displayName != null ? displayName : tenant);
            body.put("administrator", administrator != null ? administrator : "admin@" + domain);
            body.set("passwordProfile", Api.object().put("password", password));
            JsonNode added = api.post("/tenants", body);
            if (json()) {
                ObjectNode shown = added.asObject();
                screen.json(passwordFile == null ? shown.put("password", password) : shown);
                return;
            }
            screen.line("Added tenant " + tenant + " (" + added.path("id").asString("") + ").");
            screen.line("Administrator: " + added.path("administrator").asString(""));
            if (passwordFile == null) {
                screen.line("Password:      " + password + "   (shown this once, to be changed at the first sign-in)");
            }
            screen.line(
                    "API token:     " + added.path("apiToken").asString("") + "   (shown this once; POSTERN_TOKEN)");
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List the service's tenants. For administrators of the first one.")
    static final class Listing extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> tenants = api.list("/tenants");
            if (json()) {
                screen.json(tenants);
                return;
            }
            screen.table(
                    List.of("TENANT", "NAME", "DOMAIN", "ID"),
                    tenants.stream()
                            .map(t -> List.of(
                                    t.path("name").asString(""),
                                    t.path("displayName").asString(""),
                                    t.path("domain").asString(""),
                                    t.path("id").asString("")))
                            .toList(),
                    "");
        }
    }
}
