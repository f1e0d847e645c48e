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

/// What tokens for a user are made of: who allowed which client what, and how he had proved who he is.
///
/// @param session the browser session in which he did
/// @param methods names of RFC 8176
/// @param mfa when a second factor was proved
/// @param scopes as they were asked for
/// @param audience see [Scopes#audience()]
record UserGrant(
        TenantId tenant,
        String appId,
        UserId user,
        SessionId session,
        Instant authenticated,
        Set<String> methods,
        Optional<Instant> mfa,
        Set<String> scopes,
        String audience) {
    UserGrant {
        methods = Set.copyOf(methods);
        scopes = Set.copyOf(scopes);
    }

    /// The same for other scopes.
    UserGrant narrowedTo(Set<String> fewer, String forAudience) {
        return new UserGrant(tenant, appId, user, session, authenticated, methods, mfa, fewer, forAudience);
    }

    boolean isOffline() {
        return scopes.contains(Scopes.OFFLINE);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("tenant", tenant.value());
        json.put("appId", appId);
        json.put("user", user.value());
        json.put("session", session.value());
        json.put("authenticated", authenticated.getEpochSecond());
        methods.forEach(json.putArray("methods")::add);
        mfa.ifPresent(at -> json.put("mfa", at.getEpochSecond()));
        scopes.forEach(json.putArray("scopes")::add);
        json.put("audience", audience);
        return json;
    }

    static UserGrant parse(JsonNode json) {
        return new UserGrant(
                new TenantId(json.path("tenant").asString()),
                json.path("appId").asString(),
                new UserId(json.path("user").asString()),
                new SessionId(json.path("session").asString()),
                Instant.ofEpochSecond(json.path("authenticated").asLong()),
                texts(json.path("methods")),
                json.has("mfa")
                        ? Optional.of(Instant.ofEpochSecond(json.path("mfa").asLong()))
                        : Optional.empty(),
                texts(json.path("scopes")),
                json.path("audience").asString());
    }

    private static Set<String> texts(JsonNode array) {
        var texts = new LinkedHashSet<String>();
        array.forEach(one -> texts.add(one.asString()));
        return texts;
    }
}
