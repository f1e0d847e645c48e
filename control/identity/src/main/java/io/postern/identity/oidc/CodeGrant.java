package io.postern.identity.oidc;

import io.postern.web.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an authorization code stands for; bound to client, redirect URI, session and code challenge.
///
/// @param tokenId of the tokens that it gives, as the sign-in log has it already
record CodeGrant(
        UserGrant grant, String redirectUri, Optional<String> nonce, Optional<String> challenge, String tokenId) {

    String toJson() {
        ObjectNode json = grant.toJson();
        json.put("redirectUri", redirectUri);
        json.put("tokenId", tokenId);
        nonce.ifPresent(n -> json.put("nonce", n));
        challenge.ifPresent(c -> json.put("challenge", c));
        return json.toString();
    }

    static CodeGrant parse(String text) {
        JsonNode json = Json.MAPPER.readTree(text);
        return new CodeGrant(
                UserGrant.parse(json),
                json.path("redirectUri").asString(),
                text(json, "nonce"),
                text(json, "challenge"),
                json.path("tokenId").asString());
    }

    private static Optional<String> text(JsonNode json, String name) {
        return json.has(name) ? Optional.of(json.path(name).asString()) : Optional.empty();
    }
}
