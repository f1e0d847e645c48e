package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern connector token|tokens|revoke-token`: what connectors register with.
final class ConnectorTokenCommands {
    private static final String TOKENS = Api.PROXY + "/connectorTokens";

    private ConnectorTokenCommands() {}

    @Command(
            name = "token",
            mixinStandardHelpOptions = true,
            description = "Mint a token with which one connector registers: single use, one hour.")
    static final class Mint extends Topic.Action {
        @Option(names = "--group", paramLabel = "NAME", description = "Connector group (default: Default).")
        private @Nullable String group;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            if (group != null) {
                String id = new Lookup(api).connectorGroup(group).path("id").asString();
                body.set("connectorGroup", Api.object().put("id", id));
            }
            JsonNode minted = api.post(TOKENS, body);
            if (json()) {
                screen.json(minted);
                return;
            }
            screen.line(minted.path("token").asString(""));
            err().println("Single use, until " + minted.path("expires").asString("") + ". On the connector's machine:");
            err().println("  postern connector --service " + api.connectUrl() + " --token-file FILE --data DIR");
            err().flush();
        }
    }

    @Command(
            name = "tokens",
            mixinStandardHelpOptions = true,
            description = "List tokens of the last month: who minted them, and what became of them.")
    static final class Listing extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> tokens = api.list(TOKENS);
            if (json()) {
                screen.json(tokens);
                return;
            }
            var groups = new HashMap<String, String>();
            api.list(Api.PROXY + "/connectorGroups")
                    .forEach(g ->
                            groups.put(g.path("id").asString(""), g.path("name").asString("")));
            screen.table(
                    List.of("ID", "STATUS", "GROUP", "MINTED BY", "EXPIRES", "CONNECTOR"),
                    tokens.stream()
                            .map(t -> List.of(
                                    t.path("id").asString(""),
                                    t.path("status").asString(""),
                                    groups.getOrDefault(
                                            t.path("connectorGroup").path("id").asString(""), "-"),
                                    t.path("createdBy").asString(""),
                                    t.path("expirationDateTime").asString(""),
                                    t.path("connectorId").asString("-")))
                            .toList(),
                    "No token was minted lately; mint one with 'postern connector token'.");
        }
    }

    @Command(
            name = "revoke-token",
            mixinStandardHelpOptions = true,
            description = "Make a token worthless. A connector that has registered with it stays.")
    static final class Revoke extends Topic.Action {
        @Parameters(arity = "0..1", paramLabel = "ID", description = "As 'postern connector tokens' lists it.")
        private @Nullable String id;

        @Override
        void run(Api api, Screen screen) {
            if (id == null || id.isBlank()) {
                throw new Fault("which token? Give its id, see 'postern connector tokens'");
            }
            api.delete(TOKENS + "/" + Api.encode(id));
            if (json()) {
                screen.json(Api.object().put("revoked", id));
            } else {
                screen.line("Revoked token " + id + ".");
            }
        }
    }
}
