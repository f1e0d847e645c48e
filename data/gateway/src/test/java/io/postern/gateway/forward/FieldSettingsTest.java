package io.postern.gateway.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.domain.publish.FieldSettings;
import io.postern.domain.publish.FieldSettings.Forwarded;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The settings of section 1.9, each with its effect.
class FieldSettingsTest {
    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private House house = House.open(log.factory(() -> ScriptedBackend.manual(true)));

    @AfterEach
    void close() {
        house.close();
    }

    private void settings(boolean translate, Forwarded forwarded, boolean robots, Map<String, String> added) {
        house.settings(s -> s.with(new FieldSettings(translate, forwarded, robots, added)));
    }

    private ScriptedBackend sent(RawClient client, String... fields) {
        var lines = new ArrayList<String>(List.of("GET /app/ HTTP/1.1", "Host: app.example.test"));
        lines.addAll(List.of(fields));
        client.send(RawClient.head(lines.toArray(String[]::new)));
        return log.next();
    }

    @ParameterizedTest
    @CsvSource({"ALL, true, true, true", "X_FORWARDED, true, true, false", "FOR_ONLY, true, false, false"})
    void theBackendLearnsOfTheWayWhatTheSettingSays(Forwarded which, boolean forward, boolean host, boolean standard) {
        settings(true, which, true, Map.of());
        try (var client = house.client()) {
            ScriptedBackend stream = sent(client, "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: gopher");
            assertEquals(forward ? "1.2.3.4, 127.0.0.1" : "", stream.field("x-forwarded-for"));
            assertEquals(host ? "app.example.test" : "", stream.field("x-forwarded-host"));
            assertEquals(host ? "https" : "", stream.field("x-forwarded-proto"));
            assertEquals(host ? "443" : "", stream.field("x-forwarded-port"));
            assertEquals(standard, stream.field("forwarded").contains("for=127.0.0.1"));
        }
    }

    @Test
    void theBackendLearnsNothingOfTheWayIfSoSet() {
        settings(true, Forwarded.NONE, true, Map.of());
        try (var client = house.client()) {
            ScriptedBackend stream = sent(client, "X-Forwarded-For: 1.2.3.4", "Forwarded: for=1.2.3.4");
            for (String name : List.of("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded")) {
                assertEquals("", stream.field(name), name);
            }
        }
    }

    /// HDR-1.
    @Test
    void withoutTranslationTheBackendSeesTheExternalHost() {
        settings(false, Forwarded.ALL, true, Map.of());
        try (var client = house.client()) {
            ScriptedBackend stream = sent(client);
            assertEquals(
                    "app.example.test", stream.head.orElseThrow().authority().toString());
            stream.head(
                    new DefaultHttp2Headers().status("302").set("location", "http://inside.corp:8080/wiki/next"), true);
            assertEquals(
                    "http://inside.corp:8080/wiki/next",
                    client.response().headers().get("location"));
        }
    }

    @Test
    void addedFieldsReplaceTheBackends() {
        settings(
                true, Forwarded.ALL, true, Map.of("x-frame-options", "DENY", "strict-transport-security", "max-age=9"));
        try (var client = house.client()) {
            ScriptedBackend stream = sent(client);
            stream.head(
                    new DefaultHttp2Headers()
                            .status("200")
                            .add("x-frame-options", "SAMEORIGIN")
                            .add("x-frame-options", "ALLOWALL")
                            .set("content-length", "0"),
                    true);
            RawClient.Response response = client.response();
            assertEquals("DENY", response.headers().get("x-frame-options"));
            assertEquals("max-age=9", response.headers().get("strict-transport-security"));
        }
    }

    /// HDR-4.
    @Test
    void strictTransportSecurityIsKeptAndNeverAdded() {
        try (var client = house.client()) {
            ScriptedBackend stream = sent(client);
            stream.head(
                    new DefaultHttp2Headers()
                            .status("200")
                            .set("strict-transport-security", "max-age=31536000")
                            .set("content-length", "0"),
                    true);
            assertEquals("max-age=31536000", client.response().headers().get("strict-transport-security"));
            ScriptedBackend next = sent(client);
            next.head(new DefaultHttp2Headers().status("200").set("content-length", "0"), true);
            assertNull(client.response().headers().get("strict-transport-security"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "set-cookie|a=1",
                "content-length|5",
                "transfer-encoding|chunked",
                "connection|close",
                "upgrade|h2c",
                "proxy-authenticate|Basic",
                "postern-failure|tls",
                "x y|1",
                "X-Upper|1",
                ":status|200"
            })
    void whatFramesOrBelongsToAHopCannotBeAdded(String name, String value) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new FieldSettings(true, Forwarded.ALL, true, Map.of(name, value)));
    }

    @Test
    void noLineEndGetsIntoAnAddedField() {
        var fault = assertThrows(
                IllegalArgumentException.class,
                () -> new FieldSettings(true, Forwarded.ALL, true, Map.of("x-a", "1\r\nset-cookie: b=2")));
        assertTrue(String.valueOf(fault.getMessage()).contains("x-a"));
    }

    /// CK-3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"''|''", "a=1; Path=/wiki/  |a=1; Path=/app/", "a=1;  |a=1;", ";|;", "=|="})
    void oddCookiesOfABackendDoNoHarm(String sent, String received) {
        try (var client = house.client()) {
            ScriptedBackend stream = sent(client);
            stream.head(
                    new DefaultHttp2Headers()
                            .status("200")
                            .set("set-cookie", sent)
                            .set("content-length", "0"),
                    true);
            RawClient.Response response = client.response();
            assertEquals(200, response.status());
            assertEquals(
                    received.strip(),
                    response.headers().getOrDefault("set-cookie", "").strip());
        }
    }

    /// HDR-5, where only a folder of the host is published.
    @Test
    void robotsAreKeptAwayFromTheHost() {
        try (var client = house.client()) {
            client.send(RawClient.head("GET /robots.txt?x HTTP/1.1", "Host: app.example.test"));
            RawClient.Response response = client.response();
            assertEquals(200, response.status());
            assertEquals("User-agent: *\nDisallow: /\n", response.body());
            assertTrue(log.streams.isEmpty());
        }
    }

    @Test
    void robotsReadTheBackendsFileWhenOursIsOff() {
        settings(true, Forwarded.ALL, false, Map.of());
        try (var client = house.client()) {
            client.send(RawClient.head("GET /robots.txt HTTP/1.1", "Host: app.example.test"));
            assertEquals(404, client.response().status());
            assertFalse(house.event().cause().isEmpty());
        }
    }

    /// Above the original's 60 fields, and one field of nearly all the bytes that the edge takes.
    @Test
    void manyAndLargeFieldsReachTheBackend() {
        try (var client = house.client()) {
            var many = new ArrayList<String>();
            for (int i = 0; i < 100; i++) {
                many.add("X-Field-" + i + ": " + i);
            }
            ScriptedBackend stream = sent(client, many.toArray(String[]::new));
            assertEquals("99", stream.field("x-field-99"));
            stream.head(new DefaultHttp2Headers().status("200").set("content-length", "0"), true);
            assertEquals(200, client.response().status());
            ScriptedBackend large = sent(client, "X-Large: " + "a".repeat(60 * 1024));
            assertEquals(60 * 1024, large.field("x-large").length());
            large.head(new DefaultHttp2Headers().status("200").set("content-length", "0"), true);
            assertEquals(200, client.response().status());
        }
        try (var client = house.client()) {
            client.send(RawClient.head(
                    "GET /app/ HTTP/1.1", "Host: app.example.test", "X-Large: " + "a".repeat(65 * 1024)));
            assertEquals(431, client.response().status());
        }
    }
}
