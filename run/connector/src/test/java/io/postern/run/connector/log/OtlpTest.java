package io.postern.run.connector.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// OTLP/HTTP with JSON, read as collectors read it: by OpenTelemetry's own classes, which take no field that the
/// protocol does not have. A record that they do not understand is answered 400, as the specification asks.
@Timeout(30)
class OtlpTest {
    private final BlockingQueue<ExportLogsServiceRequest> received = new LinkedBlockingQueue<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private HttpServer collector;

    @BeforeEach
    void open() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        collector.createContext("/v1/logs", exchange -> {
            try (exchange) {
                boolean isJson =
                        "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(isJson ? understand(body) : 415, -1);
            }
        });
        collector.start();
    }

    @AfterEach
    void close() {
        collector.stop(0);
    }

    /// @return the status of the answer
    private int understand(String body) {
        var request = ExportLogsServiceRequest.newBuilder();
        try {
            JsonFormat.parser().merge(body, request);
        } catch (InvalidProtocolBufferException e) {
            return 400;
        }
        received.add(request.build());
        return status.get();
    }

    private Otlp sink() {
        URI logs = URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/logs");
        return new Otlp(logs, Map.of("service.name", "postern-connector"));
    }

    private static String attribute(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(one -> one.getKey().equals(key))
                .findFirst()
                .map(one -> one.getValue().getStringValue())
                .orElse("no " + key);
    }

    @Test
    void aCollectorUnderstandsABatch() throws Exception {
        try (Otlp sink = sink()) {
            sink.write(List.of(Records.admin("exchange failed"), Records.session("exchange")));
        }

        ResourceLogs batch = received.take().getResourceLogs(0);
        assertEquals("postern-connector", attribute(batch.getResource().getAttributesList(), "service.name"));
        assertEquals("postern-connector", batch.getScopeLogs(0).getScope().getName());
        List<LogRecord> records = batch.getScopeLogs(0).getLogRecordsList();
        assertEquals(2, records.size());
        LogRecord first = records.getFirst();
        Instant time = Instant.parse("2026-11-21T11:19:56.045Z");
        assertEquals(time.toEpochMilli() * 1_000_000, first.getTimeUnixNano());
        assertEquals(SeverityNumber.SEVERITY_NUMBER_WARN, first.getSeverityNumber());
        assertEquals("WARN", first.getSeverityText());
        assertEquals("exchange failed", first.getBody().getStringValue());
        assertEquals("13006", attribute(first.getAttributesList(), "event.id"));
        assertEquals("0123", attribute(first.getAttributesList(), "exchange"));
        assertEquals("no \"route\"", attribute(first.getAttributesList(), "reason"));
        assertEquals(SeverityNumber.SEVERITY_NUMBER_INFO, records.get(1).getSeverityNumber());
        assertEquals("connector.session", attribute(records.get(1).getAttributesList(), "log"));
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
