package io.postern.admin.scim;

import io.postern.domain.scim.Attribute;
import io.postern.domain.scim.ResourceType;
import io.postern.domain.scim.Schema;
import io.postern.domain.scim.ScimFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What this service can, and what its resources consist of (RFC 7644 §4).
final class Discovery {
    private static final String CORE = "urn:ietf:params:scim:schemas:core:2.0:";
    private static final List<ResourceType> TYPES = List.of(ResourceType.USER, ResourceType.GROUP);

    private final String base;

    /// @param base URL under which the resources lie
    Discovery(String base) {
        this.base = base;
    }

    Answer configuration() {
        var body = new LinkedHashMap<String, Object>();
        body.put("schemas", List.of(CORE + "ServiceProviderConfig"));
        body.put("patch", Map.of("supported", true));
        body.put(
                "bulk",
                Map.of(
                        "supported", true,
                        "maxOperations", Bulk.OPERATIONS_MAX,
                        "maxPayloadSize", ScimApi.BYTES_MAX));
        body.put("filter", Map.of("supported", true, "maxResults", ListQuery.COUNT_MAX));
        body.put("changePassword", Map.of("supported", true));
        body.put("sort", Map.of("supported", true));
        body.put("etag", Map.of("supported", true));
        body.put(
                "authenticationSchemes",
                List.of(Map.of(
                        "type", "oauthbearertoken",
                        "name", "Bearer token",
                        "description", "A token of the provisioning client, made by an administrator.",
                        "specUri", "https://www.rfc-editor.org/info/rfc6750",
                        "primary", true)));
        body.put("meta", meta("ServiceProviderConfig", "/ServiceProviderConfig"));
        return Answer.ok(body);
    }

    Answer types() {
        return list(TYPES.stream().map(this::type).toList());
    }

    Answer type(String name) {
        return found(
                TYPES.stream().filter(t -> t.name().equals(name)).findFirst().map(this::type), name);
    }

    Answer schemas() {
        return list(allSchemas().map(this::schema).toList());
    }

    Answer schema(String id) {
        return found(allSchemas().filter(s -> s.id().equals(id)).findFirst().map(this::schema), id);
    }

    private static Stream<Schema> allSchemas() {
        return TYPES.stream().flatMap(type -> type.schemas().stream());
    }

    private static Answer list(List<Map<String, Object>> all) {
        return Listing.of(all.size(), 1, all);
    }

    private static Answer found(Optional<Map<String, Object>> one, String wanted) {
        return Answer.ok(one.orElseThrow(() -> ScimFault.of(404, "there is no '" + wanted + "'")));
    }

    private Map<String, Object> type(ResourceType type) {
        var body = new LinkedHashMap<String, Object>();
        body.put("schemas", List.of(CORE + "ResourceType"));
        body.put("id", type.name());
        body.put("name", type.name());
        body.put("endpoint", type.endpoint());
        body.put("description", type.core().description());
        body.put("schema", type.core().id());
        body.put(
                "schemaExtensions",
                type.extensions().stream()
                        .map(e -> Map.of("schema", e.id(), "required", false))
                        .toList());
        body.put("meta", meta("ResourceType", "/ResourceTypes/" + type.name()));
        return body;
    }

    private Map<String, Object> schema(Schema schema) {
        var body = new LinkedHashMap<String, Object>();
        body.put("schemas", List.of(CORE + "Schema"));
        body.put("id", schema.id());
        body.put("name", schema.name());
        body.put("description", schema.description());
        body.put(
                "attributes",
                schema.attributes().stream().map(Discovery::attribute).toList());
        body.put("meta", meta("Schema", "/Schemas/" + schema.id()));
        return body;
    }

    private static Map<String, Object> attribute(Attribute attribute) {
        var body = new LinkedHashMap<String, Object>();
        body.put("name", attribute.name());
        body.put("type", attribute.type().scimName());
        body.put("multiValued", attribute.multiValued());
        body.put("description", attribute.description());
        body.put("required", attribute.required());
        if (!attribute.canonicalValues().isEmpty()) {
            body.put("canonicalValues", attribute.canonicalValues());
        }
        if (attribute.type() == Attribute.Type.REFERENCE) {
            body.put("referenceTypes", List.of(attribute.name().equals("$ref") ? "User" : "external"));
        }
        if (attribute.type() == Attribute.Type.COMPLEX) {
            body.put(
                    "subAttributes",
                    attribute.parts().stream().map(Discovery::attribute).toList());
        }
        body.put("caseExact", attribute.caseExact());
        body.put("mutability", attribute.mutability().scimName());
        body.put("returned", attribute.returned().scimName());
        body.put("uniqueness", attribute.unique() ? "server" : "none");
        return body;
    }

    private Map<String, Object> meta(String type, String path) {
        return Map.of("resourceType", type, "location", base + path);
    }
}
