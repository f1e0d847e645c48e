package io.postern.admin.graph;

import io.postern.admin.service.Site;
import io.postern.domain.publish.BackendTls;
import io.postern.domain.publish.CorsRule;
import io.postern.domain.publish.FieldSettings;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.Segment;
import io.postern.domain.publish.StoredOnly;
import io.postern.domain.publish.TimeLimits;
import io.postern.pki.ServerCertificates;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `onPremisesPublishing` as JSON: what [PublishingForm] reads, it writes.
final class PublishingShape {
    private final Site site;
    private final Function<String, Optional<X509Certificate>> presented;

    /// @param presented the certificate that the edge shows for a host of a custom domain
    PublishingShape(Site site, Function<String, Optional<X509Certificate>> presented) {
        this.site = site;
        this.presented = presented;
    }

    ObjectNode of(Publishing publishing) {
        PublishingSettings settings = publishing.settings();
        ObjectNode json = Shapes.object()
                .put("externalUrl", site.show(publishing.externalUrl()))
                .put("internalUrl", publishing.internalUrl().toString())
                .put(
                        "externalAuthenticationType",
                        publishing.preAuthentication().graphValue())
                .put("applicationType", "enterpriseapp")
                .put("isOnPremPublishingEnabled", true)
                .put("isMaintenanceModeEnabled", settings.maintenance())
                .put("useAlternateUrlForTranslationAndRedirect", settings.alternateForTranslation());
        settings.alternateUrl()
                .ifPresentOrElse(url -> json.put("alternateUrl", site.show(url)), () -> json.putNull("alternateUrl"));
        settings.requestsPerSecondMax()
                .ifPresentOrElse(
                        max -> json.put("requestsPerSecondMax", max), () -> json.putNull("requestsPerSecondMax"));
        times(settings.times(), json);
        json.put("isHttpOnlyCookieEnabled", settings.cookies().httpOnly())
                .put("isSecureCookieEnabled", settings.cookies().secure())
                .put("isPersistentCookieEnabled", settings.cookies().persistent())
                .put("cookieSameSite", settings.cookies().sameSiteNone() ? "none" : "lax");
        fields(settings.fields(), json);
        LinksForm.write(settings.links(), json);
        backendTls(settings.backendTls(), json);
        storedOnly(settings.storedOnly(), json);
        SingleSignOnForm.write(settings.signOn(), json);
        segments(publishing.segments(), json);
        certificate(publishing.externalUrl().host().value(), json);
        return json;
    }

    /// Metadata of the certificate in force (DOM-9); what was sent in the two credentials is never shown.
    private void certificate(String host, ObjectNode json) {
        json.putNull("verifiedCustomDomainKeyCredential").putNull("verifiedCustomDomainPasswordCredential");
        presented
                .apply(host)
                .ifPresentOrElse(
                        certificate -> json.putObject("verifiedCustomDomainCertificatesMetadata")
                                .put("thumbprint", ServerCertificates.thumbprint(certificate))
                                .put(
                                        "subjectName",
                                        certificate.getSubjectX500Principal().getName())
                                .put(
                                        "issuerName",
                                        certificate.getIssuerX500Principal().getName())
                                .put(
                                        "issueDate",
                                        certificate.getNotBefore().toInstant().toString())
                                .put(
                                        "expiryDate",
                                        certificate.getNotAfter().toInstant().toString()),
                        () -> json.putNull("verifiedCustomDomainCertificatesMetadata"));
    }

    private static void times(TimeLimits times, ObjectNode json) {
        json.put("applicationServerTimeout", timeout(times.firstByte()))
                .put("webSocketIdleTimeout", times.webSocketIdle().toString());
    }

    private static String timeout(Duration firstByte) {
        if (firstByte.equals(TimeLimits.DEFAULT_FIRST_BYTE)) {
            return "default";
        }
        return firstByte.equals(TimeLimits.LONG_FIRST_BYTE) ? "long" : firstByte.toString();
    }

    private static void fields(FieldSettings fields, ObjectNode json) {
        json.put("isTranslateHostHeaderEnabled", fields.translate())
                .put(
                        "forwardedHeaders",
                        switch (fields.forwarded()) {
                            case ALL -> "all";
                            case X_FORWARDED -> "xForwarded";
                            case FOR_ONLY -> "xForwardedFor";
                            case NONE -> "none";
                        })
                .put("isRobotsTxtAnswered", fields.answersRobots());
        ObjectNode added = json.putObject("responseHeaders");
        fields.added().forEach(added::put);
    }

    private static void backendTls(BackendTls tls, ObjectNode json) {
        json.put("isBackendCertificateValidationEnabled", tls.validate());
        ObjectNode more = json.putObject("backendTls").put("isHttp2Enabled", tls.http2());
        Shapes.texts(
                more.putArray("pinnedCertificates"),
                tls.pins().stream().sorted().toList());
        tls.serverName().ifPresentOrElse(name -> more.put("serverName", name), () -> more.putNull("serverName"));
        tls.clientCertificate()
                .ifPresentOrElse(name -> more.put("clientCertificate", name), () -> more.putNull("clientCertificate"));
    }

    private static void storedOnly(StoredOnly stored, ObjectNode json) {
        json.put("isStateSessionEnabled", stored.stateSession())
                .put("isContinuousAccessEvaluationEnabled", stored.continuousAccessEvaluation())
                .put("isDnsResolutionEnabled", stored.dnsResolution())
                .put("isAccessibleViaZTNAClient", stored.accessibleViaZtnaClient());
    }

    private void segments(List<Segment> segments, ObjectNode json) {
        if (segments.isEmpty()) {
            json.putNull("segmentsConfiguration");
            return;
        }
        ObjectNode configuration =
                json.putObject("segmentsConfiguration").put("@odata.type", "#microsoft.graph.webSegmentConfiguration");
        ArrayNode array = configuration.putArray("applicationSegments");
        for (Segment segment : segments) {
            ObjectNode one = array.addObject()
                    .put("externalUrl", site.show(segment.externalUrl()))
                    .put("internalUrl", segment.internalUrl().toString());
            segment.alternateUrl().ifPresent(url -> one.put("alternateUrl", site.show(url)));
            ArrayNode rules = one.putArray("corsConfigurations");
            segment.corsRules().forEach(rule -> cors(rule, rules.addObject()));
        }
    }

    private static void cors(CorsRule rule, ObjectNode json) {
        json.put("resource", rule.resource()).put("maxAgeInSeconds", rule.maxAgeSeconds());
        Shapes.texts(json.putArray("allowedOrigins"), rule.allowedOrigins());
        Shapes.texts(json.putArray("allowedHeaders"), rule.allowedHeaders());
        Shapes.texts(json.putArray("allowedMethods"), rule.allowedMethods());
    }
}
