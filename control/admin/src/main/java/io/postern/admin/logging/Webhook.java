package io.postern.admin.logging;

import io.postern.store.LogEntry;
import io.postern.web.Json;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// POSTs entries as JSON, `{"entries": [...]}`, oldest first, signed.
final class Webhook implements Sender {
    private final SignedPost post;

    Webhook(Receiver.Webhook to, InstantSource clock) throws IOException {
        this.post = new SignedPost(to, clock);
    }

    @Override
    public void send(List<LogEntry> entries) throws IOException, InterruptedException {
        ObjectNode body = Json.MAPPER.createObjectNode();
        ArrayNode list = body.putArray("entries");
        entries.forEach(entry -> list.add(Shown.of(entry)));
        post.send(body.toString());
    }

    @Override
    public void close() {
        post.close();
    }
}
