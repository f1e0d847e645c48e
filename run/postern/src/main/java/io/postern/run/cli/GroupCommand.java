package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern group`: groups of connectors, which `--group` of other commands names, and security groups of users.
@Command(
        name = "group",
        mixinStandardHelpOptions = true,
        description = "Groups of connectors, and security groups of users.",
        subcommands = {
            GroupCommand.Add.class,
            GroupCommand.Listing.class,
            GroupMemberCommand.class,
            GroupOwnerCommand.class,
            GroupTryCommand.class,
            GroupFileCommands.Import.class,
            GroupFileCommands.Export.class,
            AccessRequestsCommand.OfGroup.class,
            GroupChangeCommands.Change.class,
            GroupChangeCommands.Delete.class
        })
public final class GroupCommand extends Topic {
    GroupCommand() {}

    enum Kind {
        CONNECTOR,
        SECURITY
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Add a group.")
    static final class Add extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description = "connector (default): applications are published through it;"
                        + " security: its members are assigned to applications.")
        private @Nullable Kind kind;

        @Option(
                names = "--member",
                paramLabel = "USER",
                description = "User principal name of a member of a security group; may be repeated.")
        private List<String> members = new ArrayList<>();

        @Option(
                names = "--region",
                paramLabel = "REGION",
                description = "Of a connector group: nam, eur, aus, asia or ind (default: none, the default region).")
        private @Nullable String region;

        @Option(
                names = "--rule",
                paramLabel = "RULE",
                description = "Of a dynamic security group, whose members this rule finds, such as"
                        + " 'user.department -eq \"Sales\"'; try it with 'postern group try'.")
        private @Nullable String rule;

        @Override
        void run(Api api, Screen screen) {
            String wanted = name.required("group");
            Kind made = kind != null ? kind : members.isEmpty() && rule == null ? Kind.CONNECTOR : Kind.SECURITY;
            if (rule != null && (made == Kind.CONNECTOR || !members.isEmpty())) {
                throw new Fault("--rule is for security groups without --member: it finds the members");
            }
            JsonNode group = switch (made) {
                case CONNECTOR -> {
                    ObjectNode body = Api.object().put("name", wanted);
                    if (region != null) {
                        body.put("region", region);
                    }
                    yield api.post(Api.PROXY + "/connectorGroups", body);
                }
                case SECURITY -> security(api, wanted);
            };
            if (json()) {
                screen.json(group);
            } else if (made == Kind.CONNECTOR) {
                screen.line("Added connector group '" + wanted + "'.");
                screen.line("Next: postern connector token --group '" + wanted + "'");
            } else if (rule != null) {
                screen.line("Added dynamic group '" + wanted + "'; its rule finds the members in a moment.");
                screen.line("Next: postern group member list '" + wanted + "'");
            } else {
                screen.line("Added group '" + wanted + "' with " + members.size() + " member(s).");
                screen.line("Next: postern app assign APP --group '" + wanted + "'");
            }
        }

        private JsonNode security(Api api, String wanted) {
            var lookup = new Lookup(api);
            List<JsonNode> users = members.stream().map(lookup::user).toList(); // all must exist before the group does
            ObjectNode body = Api.object().put("displayName", wanted);
            if (rule != null) {
                body.putArray("groupTypes").add("DynamicMembership");
                body.put("membershipRule", rule);
            }
            JsonNode group = api.post("/groups", body);
            for (JsonNode user : users) {
                ObjectNode reference = Api.object();
                reference.put("@odata.id", "/users/" + user.path("id").asString());
                api.post("/groups/" + group.path("id").asString() + "/members/$ref", reference);
            }
            return group;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List groups of both kinds.")
    static final class Listing extends Topic.Action {
        @Option(names = "--kind", paramLabel = "KIND", description = "Only this kind: connector or security.")
        private @Nullable Kind kind;

        @Override
        void run(Api api, Screen screen) {
            var groups = new ArrayList<ObjectNode>();
            if (kind != Kind.SECURITY) {
                api.list(Api.PROXY + "/connectorGroups")
                        .forEach(g -> groups.add(g.asObject().put("kind", "connector")));
            }
            if (kind != Kind.CONNECTOR) {
                api.list("/groups").forEach(g -> groups.add(g.asObject().put("kind", "security")));
            }
            if (json()) {
                screen.json(List.copyOf(groups));
                return;
            }
            screen.table(
                    List.of("NAME", "KIND", "REGION", "MEMBERS", "ID"),
                    groups.stream()
                            .map(g -> List.of(
                                    g.path("name")
                                            .asString(g.path("displayName").asString("")),
                                    g.path("kind").asString(""),
                                    g.path("region").asString("-"),
                                    found(g),
                                    g.path("id").asString("")))
                            .toList(),
                    "No group yet; add one with 'postern group add'.");
        }

        private static String found(JsonNode group) {
            return switch (group.path("membershipRuleProcessingState").asString("")) {
                case "On" -> "by rule";
                case "Paused" -> "by rule, paused";
                default -> group.path("kind").asString("").equals("security") ? "assigned" : "-";
            };
        }
    }
}
