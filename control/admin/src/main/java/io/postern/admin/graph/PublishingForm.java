package io.postern.admin.graph;

import io.postern.admin.service.CertificateUpload;
import io.postern.admin.service.Edit;
import io.postern.admin.service.PublishingDraft;
import io.postern.base.Secret;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.BackendTls;
import io.postern.domain.publish.FieldSettings;
import io.postern.domain.publish.OwnCookies;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.StoredOnly;
import io.postern.domain.publish.TimeLimits;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads `onPremisesPublishing` (7.1, and our own settings beside it: docs/api.md). A setting that cannot be
/// honoured is taken with its default only, so that nobody believes in one that has no effect.
final class PublishingForm {
    private static final Duration IDLE_MIN = Duration.ofSeconds(10);
    private static final Duration IDLE_MAX = Duration.ofDays(1);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JsonForm form;

    private PublishingForm(JsonForm form) {
        this.form = form;
    }

    static PublishingDraft read(JsonForm form) {
        return new PublishingForm(form).draft();
    }

    private PublishingDraft draft() {
        readOnly();
        List<UnaryOperator<PublishingSettings>> changes = List.of(
                general(),
                times(),
                cookies(),
                fields(),
                LinksForm.read(form),
                backendTls(),
                storedOnly(),
                SingleSignOnForm.read(form));
        return new PublishingDraft(
                form.text("externalUrl"),
                form.text("internalUrl"),
                form.parsed("externalAuthenticationType", PreAuthentication::ofGraph),
                form.clearable("alternateUrl"),
                SegmentsForm.read(form),
                certificate(),
                settings -> {
                    PublishingSettings changed = settings;
                    for (UnaryOperator<PublishingSettings> change : changes) {
                        changed = change.apply(changed);
                    }
                    return changed;
                });
    }

    /// Null and what was read before say nothing; the certificate goes in by its two credentials (7.1).
    private Optional<CertificateUpload> certificate() {
        form.unchecked("verifiedCustomDomainCertificatesMetadata");
        Optional<JsonForm> password = form.objectOrNull("verifiedCustomDomainPasswordCredential");
        Optional<JsonForm> key = form.objectOrNull("verifiedCustomDomainKeyCredential");
        password.ifPresent(p -> p.unchecked("type"));
        Edit<String> words = password.map(p -> p.text("value")).orElse(Edit.none());
        return key.map(k -> {
            k.only("type", JSON.stringNode("X509CertAndPassword"));
            return new CertificateUpload.Pfx(Secret.of(k.text("value").or("")), Secret.of(words.or("")));
        });
    }

    /// What clients read and send back with everything else.
    private void readOnly() {
        form.only("applicationType", JSON.stringNode("enterpriseapp"));
        form.only("isOnPremPublishingEnabled", JSON.booleanNode(true));
        form.only("wafAllowedHeaders", JSON.nullNode());
        form.only("wafIpRanges", JSON.nullNode());
        form.only("wafProvider", JSON.nullNode());
    }

    private UnaryOperator<PublishingSettings> general() {
        Edit<Boolean> maintenance = form.flag("isMaintenanceModeEnabled");
        Edit<Boolean> alternate = form.flag("useAlternateUrlForTranslationAndRedirect");
        Edit<Integer> perSecond = form.number("requestsPerSecondMax");
        return s -> s.maintained(maintenance.or(s.maintenance()))
                .alternately(s.alternateUrl(), alternate.or(s.alternateForTranslation()))
                .limitedTo(perSecond.orKeep(s.requestsPerSecondMax()));
    }

    private UnaryOperator<PublishingSettings> times() {
        Edit<Duration> firstByte = form.parsed("applicationServerTimeout", PublishingForm::timeout);
        Edit<Duration> idle = form.parsed("webSocketIdleTimeout", PublishingForm::idle);
        return s -> s.with(new TimeLimits(
                firstByte.or(s.times().firstByte()), idle.or(s.times().webSocketIdle())));
    }

    private UnaryOperator<PublishingSettings> cookies() {
        Edit<Boolean> httpOnly = form.flag("isHttpOnlyCookieEnabled");
        Edit<Boolean> secure = form.flag("isSecureCookieEnabled");
        Edit<Boolean> persistent = form.flag("isPersistentCookieEnabled");
        Edit<Boolean> sameSiteNone = form.parsed("cookieSameSite", value -> switch (value) {
            case "lax" -> false;
            case "none" -> true;
            default -> throw new IllegalArgumentException("cookieSameSite '" + value + "' is unknown; use lax or none");
        });
        return s -> s.with(new OwnCookies(
                httpOnly.or(s.cookies().httpOnly()),
                secure.or(s.cookies().secure()),
                persistent.or(s.cookies().persistent()),
                sameSiteNone.or(s.cookies().sameSiteNone())));
    }

    private UnaryOperator<PublishingSettings> fields() {
        Edit<Boolean> translate = form.flag("isTranslateHostHeaderEnabled");
        Edit<FieldSettings.Forwarded> forwarded = form.parsed("forwardedHeaders", PublishingForm::forwarded);
        Edit<Boolean> robots = form.flag("isRobotsTxtAnswered");
        Edit<Map<String, String>> added = form.map("responseHeaders");
        return s -> s.with(new FieldSettings(
                translate.or(s.fields().translate()),
                forwarded.or(s.fields().forwarded()),
                robots.or(s.fields().answersRobots()),
                added.or(s.fields().added())));
    }

    private UnaryOperator<PublishingSettings> backendTls() {
        Edit<Boolean> validate = form.flag("isBackendCertificateValidationEnabled");
        Optional<JsonForm> more = form.object("backendTls");
        Edit<Set<String>> pins = more.map(tls -> tls.texts("pinnedCertificates")
                        .<Set<String>>map(texts -> new HashSet<>(
                                texts.stream().map(PublishingForm::pin).toList())))
                .orElse(Edit.none());
        Edit<String> serverName = more.map(tls -> tls.clearable("serverName")).orElse(Edit.none());
        Edit<String> client =
                more.map(tls -> tls.clearable("clientCertificate")).orElse(Edit.none());
        Edit<Boolean> http2 = more.map(tls -> tls.flag("isHttp2Enabled")).orElse(Edit.none());
        return s -> s.with(new BackendTls(
                validate.or(s.backendTls().validate()),
                pins.or(s.backendTls().pins()),
                serverName.orKeep(s.backendTls().serverName()),
                client.orKeep(s.backendTls().clientCertificate()),
                http2.or(s.backendTls().http2())));
    }

    private UnaryOperator<PublishingSettings> storedOnly() {
        Edit<Boolean> state = form.flag("isStateSessionEnabled");
        Edit<Boolean> continuous = form.flag("isContinuousAccessEvaluationEnabled");
        Edit<Boolean> dns = form.flag("isDnsResolutionEnabled");
        Edit<Boolean> ztna = form.flag("isAccessibleViaZTNAClient");
        return s -> s.with(new StoredOnly(
                state.or(s.storedOnly().stateSession()),
                continuous.or(s.storedOnly().continuousAccessEvaluation()),
                dns.or(s.storedOnly().dnsResolution()),
                ztna.or(s.storedOnly().accessibleViaZtnaClient())));
    }

    // as people copy them: with colons, in capitals
    private static String pin(String text) {
        return text.replace(":", "").toLowerCase(Locale.ROOT);
    }

    private static FieldSettings.Forwarded forwarded(String value) {
        return switch (value) {
            case "all" -> FieldSettings.Forwarded.ALL;
            case "xForwarded" -> FieldSettings.Forwarded.X_FORWARDED;
            case "xForwardedFor" -> FieldSettings.Forwarded.FOR_ONLY;
            case "none" -> FieldSettings.Forwarded.NONE;
            default ->
                throw new IllegalArgumentException(
                        "forwardedHeaders '" + value + "' is unknown; use all, xForwarded, xForwardedFor or none");
        };
    }

    private static Duration timeout(String value) {
        return switch (value) {
            case "default" -> TimeLimits.DEFAULT_FIRST_BYTE;
            case "long" -> TimeLimits.LONG_FIRST_BYTE;
            default ->
                duration(
                        value,
                        "applicationServerTimeout '" + value
                                + "' is unknown; use default (85 s), long (180 s) or a duration such as PT5M");
        };
    }

    private static Duration idle(String value) {
        Duration idle = duration(value, "webSocketIdleTimeout '" + value + "' is not a duration such as PT35M");
        if (idle.compareTo(IDLE_MIN) < 0 || idle.compareTo(IDLE_MAX) > 0) {
            throw new IllegalArgumentException("webSocketIdleTimeout '" + value + "' is outside PT10S to P1D");
        }
        return idle;
    }

    private static Duration duration(String value, String complaint) {
        try {
            return Duration.parse(value);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(complaint, e);
        }
    }
}
