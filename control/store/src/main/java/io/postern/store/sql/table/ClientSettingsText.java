package io.postern.store.sql.table;

import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.client.OptionalClaim;
import io.postern.domain.client.RequiredAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Client settings as JSON. What is missing has its default.
final class ClientSettingsText {
    private ClientSettingsText() {}

    static String write(ClientSettings settings) {
        ObjectNode json = Columns.JSON.createObjectNode();
        texts(json.putArray("spa"), settings.spaRedirectUris());
        texts(json.putArray("public"), settings.publicRedirectUris());
        ArrayNode scopes = json.putArray("scopes");
        for (ExposedScope scope : settings.scopes()) {
            scopes.addObject()
                    .put("id", scope.id())
                    .put("value", scope.value())
                    .put("name", scope.displayName())
                    .put("description", scope.description())
                    .put("user", scope.userMayConsent())
                    .put("enabled", scope.enabled());
        }
        ArrayNode required = json.putArray("required");
        for (RequiredAccess access : settings.requiredAccess()) {
            ObjectNode one = required.addObject().put("resource", access.resourceAppId());
            texts(one.putArray("scopes"), access.scopes());
            texts(one.putArray("roles"), access.roles());
        }
        texts(json.putArray("idClaims"), names(settings.idTokenClaims()));
        texts(json.putArray("accessClaims"), names(settings.accessTokenClaims()));
        json.put("groups", settings.groupClaims().name());
        settings.frontChannelLogoutUrl().ifPresent(url -> json.put("frontLogout", url));
        settings.backChannelLogoutUrl().ifPresent(url -> json.put("backLogout", url));
        settings.accessTokenLifetime().ifPresent(lifetime -> json.put("accessSeconds", lifetime.toSeconds()));
        return json.toString();
    }

    static ClientSettings read(String text) {
        JsonNode json = Columns.JSON.readTree(text);
        return new ClientSettings(
                texts(json, "spa"),
                texts(json, "public"),
                list(
                        json,
                        "scopes",
                        s -> new ExposedScope(
                                s.path("id").asString(),
                                s.path("value").asString(),
                                s.path("name").asString(""),
                                s.path("description").asString(""),
                                s.path("user").asBoolean(true),
                                s.path("enabled").asBoolean(true))),
                list(
                        json,
                        "required",
                        r -> new RequiredAccess(r.path("resource").asString(), texts(r, "scopes"), texts(r, "roles"))),
                list(json, "idClaims", c -> new OptionalClaim(c.asString())),
                list(json, "accessClaims", c -> new OptionalClaim(c.asString())),
                GroupClaims.valueOf(json.path("groups").asString(GroupClaims.NONE.name())),
                text(json, "frontLogout"),
                text(json, "backLogout"),
                json.has("accessSeconds")
                        ? Optional.of(
                                Duration.ofSeconds(json.path("accessSeconds").asLong()))
                        : Optional.empty());
    }

    private static List<String> names(List<OptionalClaim> claims) {
        return claims.stream().map(OptionalClaim::name).toList();
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static List<String> texts(JsonNode json, String name) {
        return list(json, name, JsonNode::asString);
    }

    private static <T> List<T> list(JsonNode json, String name, Function<JsonNode, T> reading) {
        var all = new ArrayList<T>();
        json.path(name).forEach(one -> all.add(reading.apply(one)));
        return all;
    }

    private static Optional<String> text(JsonNode json, String name) {
        return json.has(name) ? Optional.of(json.path(name).asString()) : Optional.empty();
    }
}
