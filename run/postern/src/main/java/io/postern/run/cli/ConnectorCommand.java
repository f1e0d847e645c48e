package io.postern.run.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern connector token|list|...`. With options of its own (`--service ...`) the launcher starts the
/// connector process instead, from its own small set of jars; this class never sees that.
@Command(
        name = "connector",
        mixinStandardHelpOptions = true,
        description = "Connectors of the tenant.",
        footer = {
            "",
            "To run a connector on this machine:",
            "  postern connector --service https://connect.BASE-DOMAIN --token-file FILE|- --data DIR",
            "To see whether one could run here, and to gather what whoever helps wants to know:",
            "  postern connector check --service https://connect.BASE-DOMAIN",
            "  postern connector diagnose --data DIR",
            "To find out why users get no Kerberos ticket:",
            "  postern connector kerberos-check --config connector.yaml --user USER --spn SPN"
        },
        subcommands = {
            ConnectorTokenCommands.Mint.class,
            ConnectorTokenCommands.Listing.class,
            ConnectorTokenCommands.Revoke.class,
            ConnectorCommand.Listing.class,
            ConnectorStatusCommand.class,
            ConnectorCommand.Move.class,
            ConnectorCommand.Enable.class,
            ConnectorCommand.Disable.class,
            ConnectorCommand.Delete.class
        })
public final class ConnectorCommand extends Topic {
    ConnectorCommand() {}

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List connectors.")
    static final class Listing extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> connectors = api.list(Api.PROXY + "/connectors");
            if (json()) {
                screen.json(connectors);
                return;
            }
            screen.table(
                    List.of("MACHINE", "STATUS", "ADDRESS", "VERSION", "ID"),
                    connectors.stream()
                            .map(c -> List.of(
                                    c.path("machineName").asString(""),
                                    c.path("accountEnabled").asBoolean(true)
                                            ? c.path("status").asString("")
                                            : "disabled",
                                    c.path("externalIp").asString("-"),
                                    c.path("version").asString(""),
                                    c.path("id").asString("")))
                            .toList(),
                    "No connector yet; mint a token with 'postern connector token'.");
        }
    }

    @Command(
            name = "move",
            mixinStandardHelpOptions = true,
            description = "Put a connector into another group: at once it serves that group's applications only.")
    static final class Move extends MoveCommand {
        @Override
        MoveCommand.Move find(Lookup lookup, Name wanted) {
            JsonNode connector = lookup.connector(wanted.required("connector"));
            return new MoveCommand.Move(
                    connector,
                    "Moved connector '" + connector.path("machineName").asString("") + "' to group");
        }

        @Override
        void refer(Api api, String id, ObjectNode reference) {
            api.post(Api.PROXY + "/connectors/" + id + "/memberOf/$ref", reference);
        }
    }

    @Command(name = "enable", mixinStandardHelpOptions = true, description = "Let a disabled connector back.")
    static final class Enable extends Switch {
        Enable() {
            super(true, "Enabled");
        }
    }

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = "End a connector's tunnels at once and let it open none until it is enabled.")
    static final class Disable extends Switch {
        Disable() {
            super(false, "Disabled");
        }
    }

    abstract static class Switch extends Topic.Action {
        private final boolean enabled;
        private final String told;

        @Mixin
        private Name name = new Name();

        Switch(boolean enabled, String told) {
            this.enabled = enabled;
            this.told = told;
        }

        @Override
        final void run(Api api, Screen screen) {
            JsonNode connector = new Lookup(api).connector(name.required("connector"));
            String id = connector.path("id").asString();
            api.patch(Api.PROXY + "/connectors/" + id, Api.object().put("accountEnabled", enabled));
            if (json()) {
                screen.json(Api.object().put("id", id).put("accountEnabled", enabled));
            } else {
                screen.line(
                        told + " connector '" + connector.path("machineName").asString("") + "'.");
            }
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Delete a connector; its certificate is void at once.")
    static final class Delete extends DeleteCommand {
        @Override
        Doomed find(Api api, Name wanted) {
            JsonNode connector = new Lookup(api).connector(wanted.required("connector"));
            String id = connector.path("id").asString();
            return new Doomed(
                    Api.PROXY + "/connectors/" + id,
                    id,
                    "connector '" + connector.path("machineName").asString("") + "'");
        }
    }
}
