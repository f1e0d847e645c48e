package io.postern.store.sql.table;

import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.Publishing;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// A publishing block as JSON text. A setting that an older row lacks has its default.
final class PublishingText {
    private PublishingText() {}

    static String write(Publishing publishing) {
        return Columns.JSON
                .createObjectNode()
                .put("externalUrl", publishing.externalUrl().toString())
                .put("internalUrl", publishing.internalUrl().toString())
                .put("preAuthentication", publishing.preAuthentication().graphValue())
                .put("firstByteTimeoutMillis", publishing.firstByteTimeout().toMillis())
                .put("validateBackendCertificate", publishing.validateBackendCertificate())
                .put("translateHost", publishing.translateHost())
                .put("cookieHttpOnly", publishing.cookieHttpOnly())
                .put("cookiePersistent", publishing.cookiePersistent())
                .put("cookieSameSiteNone", publishing.cookieSameSiteNone())
                .put("webSocketIdleMillis", publishing.webSocketIdle().toMillis())
                .toString();
    }

    static Publishing read(String text) {
        JsonNode json = Columns.JSON.readTree(text);
        var defaults = Publishing.of(
                ExternalUrl.parse(json.path("externalUrl").asString()),
                InternalUrl.parse(json.path("internalUrl").asString()),
                PreAuthentication.ofGraph(json.path("preAuthentication").asString()));
        return new Publishing(
                defaults.externalUrl(),
                defaults.internalUrl(),
                defaults.preAuthentication(),
                millis(json, "firstByteTimeoutMillis", defaults.firstByteTimeout()),
                json.path("validateBackendCertificate").asBoolean(defaults.validateBackendCertificate()),
                json.path("translateHost").asBoolean(defaults.translateHost()),
                json.path("cookieHttpOnly").asBoolean(defaults.cookieHttpOnly()),
                json.path("cookiePersistent").asBoolean(defaults.cookiePersistent()),
                json.path("cookieSameSiteNone").asBoolean(defaults.cookieSameSiteNone()),
                millis(json, "webSocketIdleMillis", defaults.webSocketIdle()));
    }

    private static Duration millis(JsonNode json, String name, Duration fallback) {
        return Duration.ofMillis(json.path(name).asLong(fallback.toMillis()));
    }
}
