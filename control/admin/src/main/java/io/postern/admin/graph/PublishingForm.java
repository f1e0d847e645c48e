package io.postern.admin.graph;

import io.postern.admin.service.Edit;
import io.postern.admin.service.PublishingDraft;
import io.postern.domain.PreAuthentication;
import io.postern.domain.Publishing;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads `onPremisesPublishing`. Settings of the original that this version does not act on are taken
/// with their default only, so that nobody believes in a setting that has no effect.
final class PublishingForm {
    private static final Duration IDLE_MIN = Duration.ofSeconds(10);
    private static final Duration IDLE_MAX = Duration.ofDays(1);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PublishingForm() {}

    static PublishingDraft read(JsonForm form) {
        form.only("alternateUrl", JSON.nullNode());
        form.only("applicationType", JSON.stringNode("enterpriseapp"));
        form.only("isOnPremPublishingEnabled", JSON.booleanNode(true));
        form.only("isSecureCookieEnabled", JSON.booleanNode(true));
        form.only("isStateSessionEnabled", JSON.booleanNode(true));
        form.only("isContinuousAccessEvaluationEnabled", JSON.booleanNode(true));
        form.only("isTranslateLinksInBodyEnabled", JSON.booleanNode(false));
        form.only("isDnsResolutionEnabled", JSON.booleanNode(false));
        form.only("isAccessibleViaZTNAClient", JSON.booleanNode(false));
        form.only("useAlternateUrlForTranslationAndRedirect", JSON.booleanNode(false));
        form.only("verifiedCustomDomainCertificatesMetadata", JSON.nullNode());
        form.object("singleSignOnSettings").ifPresent(sso -> {
            sso.only("singleSignOnMode", JSON.stringNode("none"));
            sso.only("kerberosSignOnSettings", JSON.nullNode());
        });
        return new PublishingDraft(
                form.text("externalUrl"),
                form.text("internalUrl"),
                form.parsed("externalAuthenticationType", PreAuthentication::ofGraph),
                form.parsed("applicationServerTimeout", PublishingForm::timeout),
                form.flag("isBackendCertificateValidationEnabled"),
                form.flag("isTranslateHostHeaderEnabled"),
                form.flag("isHttpOnlyCookieEnabled"),
                form.flag("isPersistentCookieEnabled"),
                sameSite(form),
                form.parsed("webSocketIdleTimeout", PublishingForm::idle));
    }

    private static Edit<Boolean> sameSite(JsonForm form) {
        return form.parsed("cookieSameSite", value -> switch (value) {
            case "lax" -> false;
            case "none" -> true;
            default -> throw new IllegalArgumentException("cookieSameSite '" + value + "' is unknown; use lax or none");
        });
    }

    private static Duration timeout(String value) {
        return switch (value) {
            case "default" -> Publishing.DEFAULT_TIMEOUT;
            case "long" -> Publishing.LONG_TIMEOUT;
            default ->
                throw new IllegalArgumentException(
                        "applicationServerTimeout '" + value + "' is unknown; use default (85 s) or long (180 s)");
        };
    }

    private static Duration idle(String value) {
        try {
            Duration idle = Duration.parse(value);
            if (idle.compareTo(IDLE_MIN) >= 0 && idle.compareTo(IDLE_MAX) <= 0) {
                return idle;
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "webSocketIdleTimeout '" + value + "' is not a duration such as PT35M", e);
        }
        throw new IllegalArgumentException("webSocketIdleTimeout '" + value + "' is outside PT10S to P1D");
    }
}
