package io.postern.run.cli;

import io.postern.run.Fault;
import io.postern.run.cli.GroupCommand.Kind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern group change|delete`.
final class GroupChangeCommands {
    private GroupChangeCommands() {}

    /// Of either kind, as `--kind` says; without it a connector group.
    ///
    /// @param name as its JSON property is called
    private record Target(String path, String name, JsonNode json) {
        static Target find(Api api, String wanted, @Nullable Kind kind) {
            var lookup = new Lookup(api);
            boolean security = kind == Kind.SECURITY;
            JsonNode json = security ? lookup.securityGroup(wanted) : lookup.connectorGroup(wanted);
            String folder = security ? "/groups/" : Api.PROXY + "/connectorGroups/";
            return new Target(folder + json.path("id").asString(), security ? "displayName" : "name", json);
        }

        String shown() {
            return json.path(name).asString("");
        }
    }

    @Command(
            name = "change",
            mixinStandardHelpOptions = true,
            description = "Rename a group, label a connector group with a region, or change the rule of a dynamic one.")
    static final class Change extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--kind", paramLabel = "KIND", description = "connector (default) or security.")
        private @Nullable Kind kind;

        @Option(names = "--rename", paramLabel = "NEW", description = "Its new name.")
        private @Nullable String rename;

        @Option(
                names = "--region",
                paramLabel = "REGION",
                description = "nam, eur, aus, asia, ind, or none; only while the group has no connectors and no"
                        + " applications.")
        private @Nullable String region;

        @Option(
                names = "--rule",
                paramLabel = "RULE",
                description = "Of a security group: the rule that finds its members, or none: from then on they are"
                        + " assigned.")
        private @Nullable String rule;

        @Option(
                names = "--rule-state",
                paramLabel = "STATE",
                description = "on, or paused: members stay as they are until it is on again.")
        private @Nullable RuleState ruleState;

        private enum RuleState {
            ON("On"),
            PAUSED("Paused");

            private final String graphName;

            RuleState(String graphName) {
                this.graphName = graphName;
            }
        }

        @Override
        void run(Api api, Screen screen) {
            boolean byRule = rule != null || ruleState != null;
            if (rename == null && region == null && !byRule) {
                throw new Fault("what is to change? Give --rename NEW, --region REGION, --rule RULE or --rule-state"
                        + " STATE");
            }
            if (region != null && (kind == Kind.SECURITY || byRule)) {
                throw new Fault("only connector groups have a region");
            }
            if (byRule && kind == Kind.CONNECTOR) {
                throw new Fault("only security groups have a rule");
            }
            Target target = Target.find(api, name.required("group"), byRule ? Kind.SECURITY : kind);
            ObjectNode body = Api.object();
            if (rename != null) {
                body.put(target.name(), rename);
            }
            rule(body);
            if (region != null && region.equals("none")) {
                body.putNull("region");
            } else if (region != null) {
                body.put("region", region);
            }
            api.patch(target.path(), body);
            if (json()) {
                screen.json(api.get(target.path()));
            } else {
                screen.line("Changed group '" + target.shown() + "'.");
            }
        }

        private void rule(ObjectNode body) {
            if (rule != null && rule.equals("none")) {
                body.putArray("groupTypes");
            } else if (rule != null) {
                body.putArray("groupTypes").add("DynamicMembership");
                body.put("membershipRule", rule);
            }
            if (ruleState != null) {
                body.put("membershipRuleProcessingState", ruleState.graphName);
            }
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Delete a group; a connector group only while it has no connectors and no applications.")
    static final class Delete extends DeleteCommand {
        @Option(names = "--kind", paramLabel = "KIND", description = "connector (default) or security.")
        private @Nullable Kind kind;

        @Override
        Doomed find(Api api, Name wanted) {
            Target target = Target.find(api, wanted.required("group"), kind);
            return new Doomed(target.path(), target.json().path("id").asString(), "group '" + target.shown() + "'");
        }
    }
}
