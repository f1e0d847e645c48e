package io.postern.domain.publish;

import io.postern.domain.ExternalUrl;
import java.util.Optional;

/// Everything about a publication but where it is.
///
/// @param maintenance nobody gets in for now, and is told so (1.2)
/// @param alternateUrl of a front end before several applications (FE-1)
/// @param alternateForTranslation redirects and translations name `alternateUrl`, not the external URL (FE-1)
/// @param requestsPerSecondMax more are answered 429; empty: no limit (1.12)
/// @param signOn how users are signed in at the backend (3.1)
public record PublishingSettings(
        boolean maintenance,
        Optional<ExternalUrl> alternateUrl,
        boolean alternateForTranslation,
        TimeLimits times,
        OwnCookies cookies,
        FieldSettings fields,
        LinkTranslation links,
        BackendTls backendTls,
        Optional<Integer> requestsPerSecondMax,
        StoredOnly storedOnly,
        SignOnSettings signOn) {
    public static final PublishingSettings DEFAULT = new PublishingSettings(
            false,
            Optional.empty(),
            false,
            TimeLimits.DEFAULT,
            OwnCookies.DEFAULT,
            FieldSettings.DEFAULT,
            LinkTranslation.OFF,
            BackendTls.DEFAULT,
            Optional.empty(),
            StoredOnly.DEFAULT,
            SignOnSettings.DEFAULT);

    public PublishingSettings {
        if (alternateForTranslation && alternateUrl.isEmpty()) {
            throw new IllegalArgumentException(
                    "useAlternateUrlForTranslationAndRedirect needs an alternateUrl; give one or leave it out (FE-1)");
        }
        if (requestsPerSecondMax.filter(max -> max < 1).isPresent()) {
            throw new IllegalArgumentException("requestsPerSecondMax must be 1 at least; null means no limit");
        }
    }

    public PublishingSettings maintained(boolean nowInMaintenance) {
        return new PublishingSettings(
                nowInMaintenance,
                alternateUrl,
                alternateForTranslation,
                times,
                cookies,
                fields,
                links,
                backendTls,
                requestsPerSecondMax,
                storedOnly,
                signOn);
    }

    /// @param forTranslation only with a URL
    public PublishingSettings alternately(Optional<ExternalUrl> url, boolean forTranslation) {
        return new PublishingSettings(
                maintenance,
                url,
                forTranslation,
                times,
                cookies,
                fields,
                links,
                backendTls,
                requestsPerSecondMax,
                storedOnly,
                signOn);
    }

    public PublishingSettings with(TimeLimits changed) {
        return new PublishingSettings(
                maintenance,
                alternateUrl,
                alternateForTranslation,
                changed,
                cookies,
                fields,
                links,
                backendTls,
                requestsPerSecondMax,
                storedOnly,
                signOn);
    }

    public PublishingSettings with(OwnCookies changed) {
        return new PublishingSettings(
                maintenance,
                alternateUrl,
                alternateForTranslation,
                times,
                changed,
                fields,
                links,
                backendTls,
                requestsPerSecondMax,
                storedOnly,
                signOn);
    }

    public PublishingSettings with(FieldSettings changed) {
        return new PublishingSettings(
                maintenance,
                alternateUrl,
                alternateForTranslation,
                times,
                cookies,
                changed,
                links,
                backendTls,
                requestsPerSecondMax,
                storedOnly,
                signOn);
    }

    public PublishingSettings with(LinkTranslation changed) {
        return new PublishingSettings(
                maintenance,
                alternateUrl,
                alternateForTranslation,
                times,
                cookies,
                fields,
                changed,
                backendTls,
                requestsPerSecondMax,
                storedOnly,
                signOn);
    }

    public PublishingSettings with(BackendTls changed) {
        return new PublishingSettings(
                maintenance,
                alternateUrl,
                alternateForTranslation,
                times,
                cookies,
                fields,
                links,
                changed,
                requestsPerSecondMax,
                storedOnly,
                signOn);
    }

    public PublishingSettings with(StoredOnly changed) {
        return new PublishingSettings(
                maintenance,
                alternateUrl,
                alternateForTranslation,
                times,
                cookies,
                fields,
                links,
                backendTls,
                requestsPerSecondMax,
                changed,
                signOn);
    }

    public PublishingSettings with(SignOnSettings changed) {
        return new PublishingSettings(
                maintenance,
                alternateUrl,
                alternateForTranslation,
                times,
                cookies,
                fields,
                links,
                backendTls,
                requestsPerSecondMax,
                storedOnly,
                changed);
    }

    public PublishingSettings limitedTo(Optional<Integer> requestsPerSecond) {
        return new PublishingSettings(
                maintenance,
                alternateUrl,
                alternateForTranslation,
                times,
                cookies,
                fields,
                links,
                backendTls,
                requestsPerSecond,
                storedOnly,
                signOn);
    }
}
