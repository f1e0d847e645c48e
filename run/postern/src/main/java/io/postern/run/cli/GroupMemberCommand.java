package io.postern.run.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern group member`: who is in a security group.
@Command(
        name = "member",
        mixinStandardHelpOptions = true,
        description = "Members of a security group.",
        subcommands = {GroupMemberCommand.Add.class, GroupMemberCommand.Remove.class, GroupMemberCommand.Listing.class})
final class GroupMemberCommand extends Topic {
    private static String members(Api api, String group) {
        return "/groups/" + new Lookup(api).securityGroup(group).path("id").asString("") + "/members";
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Put users into a group.")
    static final class Add extends Topic.Action {
        @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name or id.")
        private String group = "";

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "USER", description = "User principal names or ids.")
        private List<String> users = List.of();

        @Override
        void run(Api api, Screen screen) {
            String members = members(api, group);
            var lookup = new Lookup(api);
            List<JsonNode> found = users.stream().map(lookup::user).toList(); // all must exist before one is added
            for (JsonNode user : found) {
                ObjectNode reference = Api.object();
                reference.put("@odata.id", "/users/" + user.path("id").asString());
                api.post(members + "/$ref", reference);
            }
            if (json()) {
                screen.json(api.list(members));
            } else {
                screen.line("Added " + String.join(", ", users) + " to '" + group + "'.");
            }
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Take a user out of a group.")
    static final class Remove extends Topic.Action {
        @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name or id.")
        private String group = "";

        @Parameters(index = "1", paramLabel = "USER", description = "User principal name or id.")
        private String user = "";

        @Override
        void run(Api api, Screen screen) {
            String members = members(api, group);
            api.delete(members + "/" + new Lookup(api).user(user).path("id").asString("") + "/$ref");
            if (json()) {
                screen.json(api.list(members));
            } else {
                screen.line("Removed " + user + " from '" + group + "'.");
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the members of a group.")
    static final class Listing extends Topic.Action {
        @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name or id.")
        private String group = "";

        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> members = api.list(members(api, group));
            if (json()) {
                screen.json(members);
                return;
            }
            screen.table(
                    List.of("USER", "NAME"),
                    members.stream()
                            .map(m -> List.of(
                                    m.path("userPrincipalName").asString(""),
                                    m.path("displayName").asString("")))
                            .toList(),
                    "Nobody is in it; add users with 'postern group member add'.");
        }
    }
}
