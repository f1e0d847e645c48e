package io.postern.store.sql.table;

import static io.postern.store.sql.table.PublishingText.text;
import static io.postern.store.sql.table.PublishingText.texts;

import io.postern.domain.ExternalUrl;
import io.postern.domain.publish.BackendTls;
import io.postern.domain.publish.FieldSettings;
import io.postern.domain.publish.LinkTranslation;
import io.postern.domain.publish.OwnCookies;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.StoredOnly;
import io.postern.domain.publish.TimeLimits;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The settings of a publishing block as JSON.
final class SettingsText {
    private static final PublishingSettings DEFAULT = PublishingSettings.DEFAULT;

    private SettingsText() {}

    static void write(PublishingSettings settings, ObjectNode json) {
        json.put("maintenance", settings.maintenance())
                .put("firstByteTimeoutMillis", settings.times().firstByte().toMillis())
                .put("webSocketIdleMillis", settings.times().webSocketIdle().toMillis())
                .put("cookieHttpOnly", settings.cookies().httpOnly())
                .put("cookieSecure", settings.cookies().secure())
                .put("cookiePersistent", settings.cookies().persistent())
                .put("cookieSameSiteNone", settings.cookies().sameSiteNone())
                .put("translateHost", settings.fields().translate())
                .put("forwarded", settings.fields().forwarded().name())
                .put("answersRobots", settings.fields().answersRobots())
                .put("translateLinks", settings.links().enabled())
                .put("validateBackendCertificate", settings.backendTls().validate())
                .put("backendHttp2", settings.backendTls().http2());
        settings.alternateUrl()
                .ifPresent(url -> json.put("alternateUrl", url.toString())
                        .put("alternateForTranslation", settings.alternateForTranslation()));
        ObjectNode added = json.putObject("addedFields");
        settings.fields().added().forEach(added::put);
        settings.links().extras().stream().sorted().map(Enum::name).forEach(json.putArray("linkExtras")::add);
        settings.backendTls().pins().stream().sorted().forEach(json.putArray("backendPins")::add);
        settings.backendTls().serverName().ifPresent(name -> json.put("backendServerName", name));
        settings.backendTls().clientCertificate().ifPresent(name -> json.put("backendClientCertificate", name));
        settings.requestsPerSecondMax().ifPresent(max -> json.put("requestsPerSecondMax", max));
        StoredOnly stored = settings.storedOnly();
        json.put("stateSession", stored.stateSession())
                .put("continuousAccessEvaluation", stored.continuousAccessEvaluation())
                .put("dnsResolution", stored.dnsResolution())
                .put("accessibleViaZtnaClient", stored.accessibleViaZtnaClient());
        SignOnText.write(settings.signOn(), json);
    }

    static PublishingSettings read(JsonNode json) {
        return new PublishingSettings(
                flag(json, "maintenance", DEFAULT.maintenance()),
                text(json, "alternateUrl").map(ExternalUrl::parse),
                flag(json, "alternateForTranslation", DEFAULT.alternateForTranslation()),
                new TimeLimits(
                        millis(json, "firstByteTimeoutMillis", DEFAULT.times().firstByte()),
                        millis(json, "webSocketIdleMillis", DEFAULT.times().webSocketIdle())),
                cookies(json),
                fields(json),
                new LinkTranslation(flag(json, "translateLinks", DEFAULT.links().enabled()), extras(json)),
                backendTls(json),
                json.path("requestsPerSecondMax").isInt()
                        ? Optional.of(json.path("requestsPerSecondMax").asInt())
                        : Optional.empty(),
                storedOnly(json),
                SignOnText.read(json));
    }

    private static OwnCookies cookies(JsonNode json) {
        OwnCookies d = DEFAULT.cookies();
        return new OwnCookies(
                flag(json, "cookieHttpOnly", d.httpOnly()),
                flag(json, "cookieSecure", d.secure()),
                flag(json, "cookiePersistent", d.persistent()),
                flag(json, "cookieSameSiteNone", d.sameSiteNone()));
    }

    private static FieldSettings fields(JsonNode json) {
        FieldSettings d = DEFAULT.fields();
        Map<String, String> added = new HashMap<>();
        json.path("addedFields")
                .properties()
                .forEach(e -> added.put(e.getKey(), e.getValue().asString()));
        return new FieldSettings(
                flag(json, "translateHost", d.translate()),
                text(json, "forwarded").map(FieldSettings.Forwarded::valueOf).orElse(d.forwarded()),
                flag(json, "answersRobots", d.answersRobots()),
                added);
    }

    private static Set<LinkTranslation.Extra> extras(JsonNode json) {
        var extras = new HashSet<LinkTranslation.Extra>();
        texts(json.path("linkExtras")).forEach(name -> extras.add(LinkTranslation.Extra.valueOf(name)));
        return extras;
    }

    private static BackendTls backendTls(JsonNode json) {
        BackendTls d = DEFAULT.backendTls();
        return new BackendTls(
                flag(json, "validateBackendCertificate", d.validate()),
                new HashSet<>(texts(json.path("backendPins"))),
                text(json, "backendServerName"),
                text(json, "backendClientCertificate"),
                flag(json, "backendHttp2", d.http2()));
    }

    private static StoredOnly storedOnly(JsonNode json) {
        StoredOnly d = DEFAULT.storedOnly();
        return new StoredOnly(
                flag(json, "stateSession", d.stateSession()),
                flag(json, "continuousAccessEvaluation", d.continuousAccessEvaluation()),
                flag(json, "dnsResolution", d.dnsResolution()),
                flag(json, "accessibleViaZtnaClient", d.accessibleViaZtnaClient()));
    }

    private static boolean flag(JsonNode json, String name, boolean otherwise) {
        return json.path(name).asBoolean(otherwise);
    }

    private static Duration millis(JsonNode json, String name, Duration otherwise) {
        return Duration.ofMillis(json.path(name).asLong(otherwise.toMillis()));
    }
}
