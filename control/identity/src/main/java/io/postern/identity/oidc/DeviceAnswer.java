package io.postern.identity.oidc;

import io.postern.web.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a user allowed a device that waits for him.
///
/// @param tokenId of the tokens that it gets, as the sign-in log has it already
record DeviceAnswer(UserGrant grant, String tokenId) {
    String toJson() {
        ObjectNode json = grant.toJson();
        json.put("tokenId", tokenId);
        return json.toString();
    }

    static DeviceAnswer parse(String text) {
        JsonNode json = Json.MAPPER.readTree(text);
        return new DeviceAnswer(UserGrant.parse(json), json.path("tokenId").asString());
    }
}
