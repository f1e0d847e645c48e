package io.postern.run.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.AppId;
import io.postern.domain.event.AccessBatch;
import io.postern.domain.event.AccessEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class AccessLinesTest {
    private static final AppId APP = AppId.random();

    private static AccessEvent event(Instant time, String path) {
        return new AccessEvent(
                time,
                "00112233445566778899aabbccddeeff",
                "192.0.2.1",
                "GET",
                "app.example",
                path,
                Optional.of(APP),
                Optional.empty(),
                Optional.empty(),
                "forwarded",
                200,
                Optional.empty(),
                17,
                1024,
                new AccessEvent.Stages(1, 2, 30, -1));
    }

    private static String encoded(boolean json, AccessEvent... events) {
        return new String(
                new AccessLines(json).encode(new AccessBatch(List.of(events)), "INFO"), StandardCharsets.UTF_8);
    }

    @Test
    void writesAJsonObjectALine() {
        String lines = encoded(
                true,
                event(Instant.parse("2026-01-02T03:04:05.000007Z"), "/a"),
                event(Instant.parse("2026-01-02T03:04:06.5Z"), "/b"));

        assertTrue(lines.endsWith("\n"));
        String[] each = lines.split("\n");
        assertEquals(2, each.length);
        JsonNode first = new ObjectMapper().readTree(each[0]);
        assertEquals("2026-01-02T03:04:05.000007Z", first.path("time").asString());
        assertEquals("access", first.path("logger").asString());
        assertEquals("/a", first.path("path").asString());
        assertEquals(APP.value(), first.path("application").asString());
        assertTrue(first.path("user").isMissingNode());
        assertEquals(200, first.path("status").asInt());
        assertEquals(-1, first.path("doneMicros").asInt());
        JsonNode second = new ObjectMapper().readTree(each[1]);
        assertEquals("2026-01-02T03:04:06.500000Z", second.path("time").asString());
    }

    @Test
    void writesKeysAndValuesAsText() {
        String line = encoded(false, event(Instant.parse("2026-01-02T03:04:05.067Z"), "/a"));

        assertTrue(
                line.matches(
                        "\\d\\d:\\d\\d:05\\.067 INFO  access       exchange time=\"2026-01-02T03:04:05.067000Z\" .*\n"),
                line);
        assertTrue(
                line.contains(" method=\"GET\" host=\"app.example\" path=\"/a\" application=\"" + APP + "\" "), line);
        assertTrue(line.contains(" status=200 requestBytes=17 responseBytes=1024 admittedMicros=1 "), line);
    }

    /// Else a path could end its quotes, or the line, and write a line of its own (CWE-117).
    @Test
    void keepsAValueWithinItsQuotes() {
        AccessEvent hostile = event(Instant.EPOCH, "/\"x\\\n\u007f,\"outcome\":\"nothing");

        String text = encoded(false, hostile);
        String json = encoded(true, hostile);

        assertEquals(1, text.lines().count());
        assertTrue(text.contains("path=\"/\\\"x\\\\\\u000a\\u007f,"), text);
        JsonNode read = new ObjectMapper().readTree(json);
        assertEquals(hostile.path(), read.path("path").asString());
        assertEquals("forwarded", read.path("outcome").asString());
    }
}
