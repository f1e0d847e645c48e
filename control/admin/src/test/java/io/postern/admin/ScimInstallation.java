package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An installation as a provisioning client sees it.
record ScimInstallation(Installation service, String token) {
    static final String BASE = "/scim/v2";
    static final String LOCATION = "https://api.postern.localhost:8443/scim/v2";
    static final String USER = "urn:ietf:params:scim:schemas:core:2.0:User";
    static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    static final String GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

    static ScimInstallation of(Installation service, String client) {
        return new ScimInstallation(
                service,
                service.post("/provisioningClients", "{\"displayName\":\"" + client + "\"}")
                        .text("/secretText"));
    }

    Installation.Response call(String method, String path, @Nullable String body, Map<String, String> more) {
        var fields = new HashMap<>(more);
        fields.put("Authorization", "Bearer " + token);
        if (body != null) {
            fields.put("Content-Type", "application/scim+json");
        }
        return service.call(method, BASE + path, fields, body);
    }

    Installation.Response get(String path) {
        return call("GET", path, null, Map.of());
    }

    Installation.Response post(String path, String body) {
        return call("POST", path, body, Map.of());
    }

    Installation.Response put(String path, String body) {
        return call("PUT", path, body, Map.of());
    }

    Installation.Response delete(String path) {
        return call("DELETE", path, null, Map.of());
    }

    /// @param operations as in the message, separated by commas
    Installation.Response patch(String path, String operations) {
        return call(
                "PATCH",
                path,
                "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[" + operations + "]}",
                Map.of());
    }

    Installation.Response find(String resources, String filter) {
        return get("/" + resources + "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
    }

    /// Id of a new one.
    String user(String localPart) {
        Installation.Response made = post(
                "/Users",
                "{\"schemas\":[\"" + USER + "\"],\"userName\":\"" + localPart + "@contoso.example\",\"externalId\":\"x-"
                        + localPart + "\",\"active\":true}");
        assertEquals(201, made.status(), made.raw().body());
        return made.text("/id");
    }

    String group(String name, String... members) {
        Installation.Response made = post(
                "/Groups",
                "{\"schemas\":[\"" + GROUP + "\"],\"displayName\":\"" + name + "\",\"members\":["
                        + String.join(
                                ",",
                                List.of(members).stream()
                                        .map(m -> "{\"value\":\"" + m + "\"}")
                                        .toList())
                        + "]}");
        assertEquals(201, made.status(), made.raw().body());
        return made.text("/id");
    }

    List<String> members(String group) {
        return texts(get("/Groups/" + group).json().path("members"), "value");
    }

    static List<String> texts(JsonNode list, String name) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(each -> each.path(name).asString(""))
                .sorted()
                .toList();
    }
}
