package io.postern.run.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern group owner`: who may manage the members of one group without a role for groups.
@Command(
        name = "owner",
        mixinStandardHelpOptions = true,
        description = "Owners of a security group: they may add and remove its members, and nothing else.",
        subcommands = {GroupOwnerCommand.Add.class, GroupOwnerCommand.Listing.class, GroupOwnerCommand.Remove.class})
final class GroupOwnerCommand extends Topic {
    private static String owners(Api api, String group) {
        return "/groups/" + new Lookup(api).securityGroup(group).path("id").asString("") + "/owners";
    }

    /// Of what, and whose.
    static final class Ownership {
        @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name or id.")
        private String group = "";

        @Parameters(index = "1", paramLabel = "USER", description = "User principal name or id.")
        private String user = "";
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Make a user owner of a group.")
    static final class Add extends Topic.Action {
        @Mixin
        private Ownership ownership = new Ownership();

        @Override
        void run(Api api, Screen screen) {
            String owners = owners(api, ownership.group);
            ObjectNode reference = Api.object();
            reference.put(
                    "@odata.id",
                    "/users/" + new Lookup(api).user(ownership.user).path("id").asString());
            api.post(owners + "/$ref", reference);
            if (json()) {
                screen.json(api.list(owners));
            } else {
                screen.line(ownership.user + " is an owner of '" + ownership.group + "'.");
            }
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Let a user be owner no longer.")
    static final class Remove extends Topic.Action {
        @Mixin
        private Ownership ownership = new Ownership();

        @Override
        void run(Api api, Screen screen) {
            String owners = owners(api, ownership.group);
            api.delete(owners + "/"
                    + new Lookup(api).user(ownership.user).path("id").asString("") + "/$ref");
            if (json()) {
                screen.json(api.list(owners));
            } else {
                screen.line(ownership.user + " is no longer an owner of '" + ownership.group + "'.");
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the owners of a group.")
    static final class Listing extends Topic.Action {
        @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name or id.")
        private String group = "";

        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> owners = api.list(owners(api, group));
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
                    "Nobody owns it; add an owner with 'postern group owner add'.");
        }
    }
}
