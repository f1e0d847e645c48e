package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What the HAR 1.2 specification demands of a log: which members, of which types, and that they agree.
final class HarRules {
    private HarRules() {}

    static void check(JsonNode log) {
        assertEquals("1.2", text(log, "version"));
        text(log.path("creator"), "name");
        text(log.path("creator"), "version");
        for (JsonNode page : array(log, "pages")) {
            Instant.parse(text(page, "startedDateTime"));
            text(page, "title");
            object(page, "pageTimings");
        }
        var pages =
                log.path("pages").valueStream().map(page -> text(page, "id")).collect(Collectors.toSet());
        for (JsonNode entry : array(log, "entries")) {
            assertTrue(pages.contains(text(entry, "pageref")), entry.toString());
            Instant.parse(text(entry, "startedDateTime"));
            object(entry, "cache");
            JsonNode timings = object(entry, "timings");
            double sum = number(timings, "send") + number(timings, "wait") + number(timings, "receive");
            assertEquals(number(entry, "time"), sum, 0.001, "time is the sum of its parts");
            request(object(entry, "request"));
            response(object(entry, "response"));
        }
    }

    private static void request(JsonNode request) {
        text(request, "method");
        assertTrue(java.net.URI.create(text(request, "url")).isAbsolute());
        text(request, "httpVersion");
        named(request, "cookies");
        named(request, "headers");
        named(request, "queryString");
        number(request, "headersSize");
        number(request, "bodySize");
    }

    private static void response(JsonNode response) {
        number(response, "status");
        text(response, "statusText");
        text(response, "httpVersion");
        named(response, "cookies");
        named(response, "headers");
        JsonNode content = object(response, "content");
        number(content, "size");
        text(content, "mimeType");
        text(response, "redirectURL");
        number(response, "headersSize");
        number(response, "bodySize");
    }

    private static void named(JsonNode parent, String name) {
        for (JsonNode pair : array(parent, name)) {
            text(pair, "name");
            text(pair, "value");
        }
    }

    private static String text(JsonNode parent, String name) {
        assertTrue(parent.path(name).isString(), () -> name + " is a text: " + parent);
        return parent.path(name).asString();
    }

    private static double number(JsonNode parent, String name) {
        assertTrue(parent.path(name).isNumber(), () -> name + " is a number: " + parent);
        return parent.path(name).asDouble();
    }

    private static JsonNode object(JsonNode parent, String name) {
        assertTrue(parent.path(name).isObject(), () -> name + " is an object: " + parent);
        return parent.path(name);
    }

    private static Iterable<JsonNode> array(JsonNode parent, String name) {
        assertTrue(parent.path(name).isArray(), () -> name + " is a list: " + parent);
        return parent.path(name).values();
    }
}
