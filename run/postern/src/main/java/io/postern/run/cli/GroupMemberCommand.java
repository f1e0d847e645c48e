package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Put users, or other groups, into a group.")
    static final class Add extends Topic.Action {
        @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name or id.")
        private String group = "";

        @Parameters(index = "1..*", arity = "0..*", paramLabel = "USER", description = "User principal names or ids.")
        private List<String> users = List.of();

        @Option(
                names = "--group",
                paramLabel = "MEMBER",
                description = "A group's name or id; may be repeated. Applications assigned to the outer group are"
                        + " not assigned to its members' members.")
        private List<String> groups = List.of();

        @Override
        void run(Api api, Screen screen) {
            if (users.isEmpty() && groups.isEmpty()) {
                throw new Fault("who is to be added? Give USER or --group MEMBER");
            }
            String members = members(api, group);
            var lookup = new Lookup(api);
            // all must exist before one is added
            List<String> found = Stream.concat(
                            users.stream()
                                    .map(user -> "/users/"
                                            + lookup.user(user).path("id").asString("")),
                            groups.stream()
                                    .map(one -> "/groups/"
                                            + lookup.securityGroup(one)
                                                    .path("id")
                                                    .asString("")))
                    .toList();
            for (String member : found) {
                ObjectNode reference = Api.object();
                reference.put("@odata.id", member);
                api.post(members + "/$ref", reference);
            }
            if (json()) {
                screen.json(api.list(members));
            } else {
                screen.line("Added "
                        + Stream.concat(users.stream(), groups.stream()).collect(Collectors.joining(", ")) + " to '"
                        + group + "'.");
            }
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Take a user or a group out of a group.")
    static final class Remove extends Topic.Action {
        @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name or id.")
        private String group = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "USER", description = "User principal name or id.")
        private @Nullable String user;

        @Option(names = "--group", paramLabel = "MEMBER", description = "A group's name or id in place of a user's.")
        private @Nullable String member;

        @Override
        void run(Api api, Screen screen) {
            String members = members(api, group);
            var lookup = new Lookup(api);
            String removed;
            JsonNode found;
            if (user != null && member == null) {
                removed = user;
                found = lookup.user(user);
            } else if (user == null && member != null) {
                removed = member;
                found = lookup.securityGroup(member);
            } else {
                throw new Fault("who is to be removed? Give USER or --group MEMBER");
            }
            api.delete(members + "/" + found.path("id").asString("") + "/$ref");
            if (json()) {
                screen.json(api.list(members));
            } else {
                screen.line("Removed " + removed + " from '" + group + "'.");
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the members of a group.")
    static final class Listing extends Topic.Action {
        @Parameters(index = "0", paramLabel = "GROUP", description = "The group's name or id.")
        private String group = "";

        @Option(names = "--transitive", description = "Everybody within it, by groups within groups too.")
        private boolean transitive;

        @Override
        void run(Api api, Screen screen) {
            String path = members(api, group);
            List<JsonNode> members = api.list(transitive ? path.replaceFirst("/members$", "/transitiveMembers") : path);
            if (json()) {
                screen.json(members);
                return;
            }
            screen.table(
                    List.of("USER", "NAME"),
                    members.stream()
                            .map(m -> List.of(
                                    m.path("userPrincipalName").asString("(a group)"),
                                    m.path("displayName").asString("")))
                            .toList(),
                    "Nobody is in it; add users with 'postern group member add'.");
        }
    }
}
