package io.postern.store.sql.table;

import io.postern.domain.outbound.OutboundSettings;
import io.postern.domain.outbound.OutboundSettings.Login;
import io.postern.domain.outbound.OutboundSettings.Match;
import io.postern.domain.outbound.OutboundSettings.Step;
import io.postern.domain.sync.DeletionLimit;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The settings of provisioning to an application as JSON.
final class OutboundText {
    private OutboundText() {}

    static String write(OutboundSettings settings) {
        ObjectNode json = Columns.JSON.createObjectNode();
        json.put("target", settings.target());
        if (settings.login() instanceof Login.ClientCredentials(String url, String client, String scope)) {
            json.putObject("clientCredentials")
                    .put("tokenUrl", url)
                    .put("clientId", client)
                    .put("scope", scope);
        }
        json.put("match", settings.match().attribute());
        settings.steps().stream().map(Step::text).forEach(json.putArray("steps")::add);
        json.put("groups", settings.groups());
        ObjectNode mapping = json.putObject("mapping");
        settings.mapping().forEach(mapping::put);
        json.put("deletions", settings.deletions().count())
                .put("deletionsPercent", settings.deletions().percent());
        return Columns.json(json);
    }

    static OutboundSettings read(String text) {
        JsonNode json = Columns.JSON.readTree(text);
        var mapping = new TreeMap<String, String>();
        json.path("mapping")
                .properties()
                .forEach(entry -> mapping.put(entry.getKey(), entry.getValue().asString()));
        Set<Step> steps = json.path("steps")
                .valueStream()
                .map(JsonNode::asString)
                .map(Step::parse)
                .collect(Collectors.toSet());
        return new OutboundSettings(
                json.path("target").asString(),
                login(json.path("clientCredentials")),
                Match.parse(json.path("match").asString()),
                steps,
                json.path("groups").asBoolean(),
                mapping,
                new DeletionLimit(
                        json.path("deletions").asInt(),
                        json.path("deletionsPercent").asInt()));
    }

    private static Login login(JsonNode credentials) {
        return credentials.isObject()
                ? new Login.ClientCredentials(
                        credentials.path("tokenUrl").asString(),
                        credentials.path("clientId").asString(),
                        credentials.path("scope").asString())
                : new Login.Token();
    }
}
