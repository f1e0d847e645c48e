package io.postern.admin.scim;

import java.util.Map;
import java.util.Optional;

/// A successful answer.
///
/// @param location of the resource it is about
/// @param version of that resource
record Answer(int status, Optional<Map<String, Object>> body, Optional<String> location, Optional<String> version) {
    static final Answer NO_CONTENT = new Answer(204, Optional.empty(), Optional.empty(), Optional.empty());

    static Answer ok(Map<String, Object> body) {
        return new Answer(200, Optional.of(body), Optional.empty(), Optional.empty());
    }

    /// @param document whole, of which `shown` is what was asked for
    static Answer resource(int status, Map<String, Object> document, Map<String, Object> shown) {
        Map<?, ?> meta = (Map<?, ?>) document.getOrDefault("meta", Map.of());
        return new Answer(
                status,
                Optional.of(shown),
                Optional.ofNullable(meta.get("location")).map(Object::toString),
                Optional.ofNullable(meta.get("version")).map(Object::toString));
    }
}
