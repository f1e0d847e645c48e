package io.postern.admin.service;

import io.postern.domain.PreAuthentication;
import java.time.Duration;

/// What somebody asks for in `onPremisesPublishing`; what is left out keeps its value, or has its default
/// in a first publication.
public record PublishingDraft(
        Edit<String> externalUrl,
        Edit<String> internalUrl,
        Edit<PreAuthentication> preAuthentication,
        Edit<Duration> firstByteTimeout,
        Edit<Boolean> validateBackendCertificate,
        Edit<Boolean> translateHost,
        Edit<Boolean> cookieHttpOnly,
        Edit<Boolean> cookiePersistent,
        Edit<Boolean> cookieSameSiteNone,
        Edit<Duration> webSocketIdle) {

    /// The two things that every publication needs, the rest by default.
    public static PublishingDraft of(String internalUrl, Edit<String> externalUrl) {
        return new PublishingDraft(
                externalUrl,
                Edit.to(internalUrl),
                Edit.none(),
                Edit.none(),
                Edit.none(),
                Edit.none(),
                Edit.none(),
                Edit.none(),
                Edit.none(),
                Edit.none());
    }
}
