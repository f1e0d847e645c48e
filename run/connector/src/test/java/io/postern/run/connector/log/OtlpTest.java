package io.postern.run.connector.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A collector's receiver for OTLP/HTTP with JSON, as its specification has it: `POST /v1/logs`, camel case, 64-bit
/// numbers as text.
@Timeout(30)
class OtlpTest {
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private HttpServer collector;

    @BeforeEach
    void open() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        collector.createContext("/v1/logs", exchange -> {
            try (exchange) {
                boolean isJson =
                        "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
                received.add(
                        new ObjectMapper().readTree(exchange.getRequestBody().readAllBytes()));
                exchange.sendResponseHeaders(isJson ? status.get() : 415, -1);
            }
        });
        collector.start();
    }

    @AfterEach
    void close() {
        collector.stop(0);
    }

    private Otlp sink() {
        URI logs = URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/logs");
        return new Otlp(logs, Map.of("service.name", "postern-connector"));
    }

    private static String attribute(JsonNode attributes, String key) {
        for (JsonNode one : attributes) {
            if (one.path("key").asString().equals(key)) {
                return one.path("value").path("stringValue").asString();
            }
        }
        return "no " + key;
    }

    @Test
    void sendsABatchInOneRequest() throws Exception {
        try (Otlp sink = sink()) {
            sink.write(List.of(Records.admin("exchange failed"), Records.session("exchange")));
        }

        JsonNode batch = received.take().path("resourceLogs").path(0);
        assertEquals("postern-connector", attribute(batch.path("resource").path("attributes"), "service.name"));
        JsonNode records = batch.path("scopeLogs").path(0).path("logRecords");
        assertEquals(2, records.size());
        JsonNode first = records.path(0);
        assertEquals("1795259996045000000", first.path("timeUnixNano").asString());
        assertTrue(first.path("timeUnixNano").isString());
        assertEquals(13, first.path("severityNumber").asInt());
        assertEquals("WARN", first.path("severityText").asString());
        assertEquals("exchange failed", first.path("body").path("stringValue").asString());
        assertEquals("13006", attribute(first.path("attributes"), "event.id"));
        assertEquals("0123", attribute(first.path("attributes"), "exchange"));
        assertEquals("connector.session", attribute(records.path(1).path("attributes"), "log"));
    }

    @Test
    void aRefusalIsALoss() {
        status.set(503);
        try (Otlp sink = sink()) {
            var failure = assertThrows(IOException.class, () -> sink.write(List.of(Records.admin("x"))));

            assertTrue(String.valueOf(failure.getMessage()).contains("503"), failure.getMessage());
        }
    }
}
