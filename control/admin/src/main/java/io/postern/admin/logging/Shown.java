package io.postern.admin.logging;

import io.postern.store.LogEntry;
import io.postern.web.Json;
import tools.jackson.databind.node.ObjectNode;

/// An entry of a log as everybody outside sees it: as it was written, and its place in the chain.
public final class Shown {
    private Shown() {}

    public static ObjectNode of(LogEntry entry) {
        var json = (ObjectNode) Json.MAPPER.readTree(entry.text());
        json.putObject("chain").put("number", entry.number()).put("hash", entry.hash());
        return json;
    }
}
