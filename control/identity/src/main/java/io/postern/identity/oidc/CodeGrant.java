package io.postern.identity.oidc;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.web.Json;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an authorization code stands for; bound to client, redirect URI, session and code challenge.
record CodeGrant(
        TenantId tenant,
        String appId,
        String redirectUri,
        UserId user,
        SessionId session,
        Instant authenticated,
        Set<String> scopes,
        String audience,
        Optional<String> nonce,
        Optional<String> challenge) {

    String toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("tenant", tenant.value());
        json.put("appId", appId);
        json.put("redirectUri", redirectUri);
        json.put("user", user.value());
        json.put("session", session.value());
        json.put("authenticated", authenticated.getEpochSecond());
        scopes.forEach(json.putArray("scopes")::add);
        json.put("audience", audience);
        nonce.ifPresent(n -> json.put("nonce", n));
        challenge.ifPresent(c -> json.put("challenge", c));
        return json.toString();
    }

    static CodeGrant parse(String text) {
        JsonNode json = Json.MAPPER.readTree(text);
        var scopes = new LinkedHashSet<String>();
        json.path("scopes").forEach(s -> scopes.add(s.asString()));
        return new CodeGrant(
                new TenantId(json.path("tenant").asString()),
                json.path("appId").asString(),
                json.path("redirectUri").asString(),
                new UserId(json.path("user").asString()),
                new SessionId(json.path("session").asString()),
                Instant.ofEpochSecond(json.path("authenticated").asLong()),
                scopes,
                json.path("audience").asString(),
                text(json, "nonce"),
                text(json, "challenge"));
    }

    private static Optional<String> text(JsonNode json, String name) {
        return json.has(name) ? Optional.of(json.path(name).asString()) : Optional.empty();
    }
}
