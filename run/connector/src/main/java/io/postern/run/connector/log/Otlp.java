package io.postern.run.connector.log;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// OTLP/HTTP with JSON (OpenTelemetry protocol 1.x): one POST for each batch, an answer other than 2xx loses it.
/// Numbers of 64 bits are text there, as protobuf's JSON has them.
final class Otlp implements LogSink {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI logs;
    private final Map<String, String> resource;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();

    /// @param resource attributes of this process
    Otlp(URI logs, Map<String, String> resource) {
        this.logs = logs;
        this.resource = Map.copyOf(resource);
    }

    @Override
    public void write(List<LogRecord> records) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(logs)
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(json(records)))
                .build();
        try {
            HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException("it answers " + answer.statusCode());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    byte[] json(List<LogRecord> records) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode ours = root.putArray("resourceLogs").addObject();
        ArrayNode attributes = ours.putObject("resource").putArray("attributes");
        resource.forEach((key, value) -> attribute(attributes, key, value));
        ObjectNode scope = ours.putArray("scopeLogs").addObject();
        scope.putObject("scope").put("name", "postern-connector");
        ArrayNode all = scope.putArray("logRecords");
        records.forEach(record -> add(all.addObject(), record));
        return JSON.writeValueAsBytes(root);
    }

    private static void add(ObjectNode to, LogRecord record) {
        to.put("timeUnixNano", nanos(record.time()))
                .put("severityNumber", severity(record.level()))
                .put("severityText", record.level().toString());
        to.putObject("body").put("stringValue", record.message());
        ArrayNode attributes = to.putArray("attributes");
        attribute(attributes, "log", record.logger());
        if (record.event() != 0) {
            attribute(attributes, "event.id", Integer.toString(record.event()));
        }
        record.details().forEach(detail -> attribute(attributes, detail.key(), detail.value()));
    }

    private static void attribute(ArrayNode to, String key, String value) {
        to.addObject().put("key", key).putObject("value").put("stringValue", value);
    }

    private static String nanos(Instant time) {
        return Long.toString(Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano()));
    }

    /// By the data model of OpenTelemetry's logs: DEBUG 5, INFO 9, WARN 13, ERROR 17.
    private static int severity(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> 17;
            case Level.WARN_INT -> 13;
            case Level.INFO_INT -> 9;
            default -> 5;
        };
    }

    @Override
    public String name() {
        return "OTLP at " + logs;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
