package io.postern.admin.graph;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A successful answer.
record Reply(int status, Optional<ObjectNode> body) {
    static final Reply NO_CONTENT = new Reply(204, Optional.empty());

    static Reply ok(ObjectNode body) {
        return new Reply(200, Optional.of(body));
    }

    static Reply created(ObjectNode body) {
        return new Reply(201, Optional.of(body));
    }
}
