package io.postern.run.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app owner`: who may change one application without a role over all of them.
@Command(
        name = "owner",
        mixinStandardHelpOptions = true,
        description = "Owners of an application: they may change it, and no other.",
        subcommands = {AppOwnerCommand.Add.class, AppOwnerCommand.Listing.class, AppOwnerCommand.Remove.class})
final class AppOwnerCommand extends Topic {
    private static String owners(Api api, String application) {
        return "/applications/"
                + new Lookup(api).application(application).path("id").asString("") + "/owners";
    }

    /// Of what, and whose.
    static final class Ownership {
        @Parameters(index = "0", paramLabel = "APP", description = "The application's name or id.")
        private String application = "";

        @Parameters(index = "1", paramLabel = "USER", description = "User principal name or id.")
        private String user = "";
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Make a user owner of an application.")
    static final class Add extends Topic.Action {
        @Mixin
        private Ownership ownership = new Ownership();

        @Override
        void run(Api api, Screen screen) {
            String owners = owners(api, ownership.application);
            ObjectNode reference = Api.object();
            reference.put(
                    "@odata.id",
                    "/users/" + new Lookup(api).user(ownership.user).path("id").asString());
            api.post(owners + "/$ref", reference);
            if (json()) {
                screen.json(api.list(owners));
            } else {
                screen.line(ownership.user + " is an owner of '" + ownership.application + "'.");
            }
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Let a user be owner no longer.")
    static final class Remove extends Topic.Action {
        @Mixin
        private Ownership ownership = new Ownership();

        @Override
        void run(Api api, Screen screen) {
            String owners = owners(api, ownership.application);
            api.delete(owners + "/"
                    + new Lookup(api).user(ownership.user).path("id").asString("") + "/$ref");
            if (json()) {
                screen.json(api.list(owners));
            } else {
                screen.line(ownership.user + " is no longer an owner of '" + ownership.application + "'.");
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the owners of an application.")
    static final class Listing extends Topic.Action {
        @Parameters(index = "0", paramLabel = "APP", description = "The application's name or id.")
        private String application = "";

        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> owners = api.list(owners(api, application));
            if (json()) {
                screen.json(owners);
                return;
            }
            screen.table(
                    List.of("USER", "NAME"),
                    owners.stream()
                            .map(owner -> List.of(
                                    owner.path("userPrincipalName").asString(""),
                                    owner.path("displayName").asString("")))
                            .toList(),
                    "Nobody owns it; add an owner with 'postern app owner add'.");
        }
    }
}
