package io.postern.run.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern connector token|list|status|delete`. With options of its own (`--service ...`) the launcher starts the
/// connector process instead, from its own small set of jars; this class never sees that.
@Command(
        name = "connector",
        mixinStandardHelpOptions = true,
        description = "Connectors of the tenant.",
        footer = {
            "",
            "To run a connector on this machine:",
            "  postern connector --service https://connect.BASE-DOMAIN --token-file FILE|- --data DIR"
        },
        subcommands = {
            ConnectorCommand.Token.class,
            ConnectorCommand.Listing.class,
            ConnectorStatusCommand.class,
            ConnectorCommand.Delete.class
        })
public final class ConnectorCommand extends Topic {
    ConnectorCommand() {}

    @Command(
            name = "token",
            mixinStandardHelpOptions = true,
            description = "Mint a token with which one connector registers: single use, one hour.")
    static final class Token extends Topic.Action {
        @Option(names = "--group", paramLabel = "NAME", description = "Connector group (default: Default).")
        private @Nullable String group;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            if (group != null) {
                String id = new Lookup(api).connectorGroup(group).path("id").asString();
                body.set("connectorGroup", Api.object().put("id", id));
            }
            JsonNode minted = api.post(Api.PROXY + "/connectorTokens", body);
            String token = minted.path("token").asString("");
            String expires = minted.path("expires").asString("");
            if (json()) {
                screen.json(Api.object().put("token", token).put("expires", expires));
                return;
            }
            screen.line(token);
            err().println("Single use, until " + expires + ". On the connector's machine:");
            err().println("  postern connector --service " + api.connectUrl() + " --token-file FILE --data DIR");
            err().flush();
        }
    }

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
                                    c.path("status").asString(""),
                                    c.path("externalIp").asString("-"),
                                    c.path("version").asString(""),
                                    c.path("id").asString("")))
                            .toList(),
                    "No connector yet; mint a token with 'postern connector token'.");
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Delete a connector; its certificate is void at once.")
    static final class Delete extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode connector = new Lookup(api).connector(name.required("connector"));
            api.delete(Api.PROXY + "/connectors/" + connector.path("id").asString());
            if (json()) {
                screen.json(Api.object().put("deleted", connector.path("id").asString()));
            } else {
                screen.line(
                        "Deleted connector '" + connector.path("machineName").asString("") + "'.");
            }
        }
    }
}
