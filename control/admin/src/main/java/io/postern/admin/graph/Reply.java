package io.postern.admin.graph;

import io.postern.store.ProfileStore.Logo;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A successful answer.
///
/// @param picture instead of a body
record Reply(int status, Optional<ObjectNode> body, Optional<Logo> picture) {
    static final Reply NO_CONTENT = new Reply(204, Optional.empty(), Optional.empty());

    static Reply picture(Logo logo) {
        return new Reply(200, Optional.empty(), Optional.of(logo));
    }

    static Reply ok(ObjectNode body) {
        return new Reply(200, Optional.of(body), Optional.empty());
    }

    static Reply created(ObjectNode body) {
        return new Reply(201, Optional.of(body), Optional.empty());
    }
}
