package io.postern.identity.federation;

import io.postern.web.Json;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A browser that was sent to an upstream and shall come back with the answer to this very question.
///
/// @param provider that it was sent to; nobody else's answer counts
/// @param state that it must bring back
/// @param nonce of an ID token; id of the SAML request
/// @param verifier of the code (RFC 7636); empty for SAML
/// @param began when it left
/// @param ageMax how old the sign-in there may be, in seconds; negative for any age
/// @param errand sealed request that waits; empty where an account is being linked
/// @param user whose account is being linked; empty for a sign-in
record Departure(
        String provider,
        String state,
        String nonce,
        String verifier,
        Instant began,
        long ageMax,
        String errand,
        String user) {

    String toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        return json.put("provider", provider)
                .put("state", state)
                .put("nonce", nonce)
                .put("verifier", verifier)
                .put("began", began.toEpochMilli())
                .put("ageMax", ageMax)
                .put("errand", errand)
                .put("user", user)
                .toString();
    }

    static Departure parse(String text) {
        JsonNode json = Json.MAPPER.readTree(text);
        return new Departure(
                json.path("provider").asString(),
                json.path("state").asString(),
                json.path("nonce").asString(),
                json.path("verifier").asString(),
                Instant.ofEpochMilli(json.path("began").asLong()),
                json.path("ageMax").asLong(),
                json.path("errand").asString(),
                json.path("user").asString());
    }
}
