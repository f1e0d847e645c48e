package io.postern.store.sql.table;

import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.CorsRule;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A publishing block as JSON text. A setting that an older row lacks has its default.
final class PublishingText {
    private PublishingText() {}

    static String write(Publishing publishing) {
        ObjectNode json = Columns.JSON
                .createObjectNode()
                .put("externalUrl", publishing.externalUrl().toString())
                .put("internalUrl", publishing.internalUrl().toString())
                .put("preAuthentication", publishing.preAuthentication().graphValue());
        if (!publishing.segments().isEmpty()) {
            ArrayNode segments = json.putArray("segments");
            publishing.segments().forEach(segment -> write(segment, segments.addObject()));
        }
        SettingsText.write(publishing.settings(), json);
        return json.toString();
    }

    static Publishing read(String text) {
        JsonNode json = Columns.JSON.readTree(text);
        var segments = new ArrayList<Segment>();
        json.path("segments").forEach(node -> segments.add(segment(node)));
        return new Publishing(
                ExternalUrl.parse(json.path("externalUrl").asString()),
                InternalUrl.parse(json.path("internalUrl").asString()),
                PreAuthentication.ofGraph(json.path("preAuthentication").asString()),
                segments,
                SettingsText.read(json));
    }

    private static void write(Segment segment, ObjectNode json) {
        json.put("externalUrl", segment.externalUrl().toString())
                .put("internalUrl", segment.internalUrl().toString());
        segment.alternateUrl().ifPresent(url -> json.put("alternateUrl", url.toString()));
        ArrayNode rules = json.putArray("cors");
        for (CorsRule rule : segment.corsRules()) {
            ObjectNode one = rules.addObject().put("resource", rule.resource()).put("maxAge", rule.maxAgeSeconds());
            rule.allowedOrigins().forEach(one.putArray("origins")::add);
            rule.allowedHeaders().forEach(one.putArray("headers")::add);
            rule.allowedMethods().forEach(one.putArray("methods")::add);
        }
    }

    private static Segment segment(JsonNode json) {
        var rules = new ArrayList<CorsRule>();
        json.path("cors")
                .forEach(rule -> rules.add(new CorsRule(
                        rule.path("resource").asString(),
                        texts(rule.path("origins")),
                        texts(rule.path("headers")),
                        texts(rule.path("methods")),
                        rule.path("maxAge").asInt())));
        return new Segment(
                ExternalUrl.parse(json.path("externalUrl").asString()),
                InternalUrl.parse(json.path("internalUrl").asString()),
                text(json, "alternateUrl").map(ExternalUrl::parse),
                rules);
    }

    static Optional<String> text(JsonNode json, String name) {
        return json.path(name).isString() ? Optional.of(json.path(name).stringValue()) : Optional.empty();
    }

    static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(node -> texts.add(node.asString()));
        return texts;
    }
}
