package io.postern.admin.service;

import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.CorsRule;
import io.postern.domain.publish.PublishingSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What somebody asks for in `onPremisesPublishing`; what is left out keeps its value, or has its default
/// in a first publication.
///
/// @param certificate for the external host, kept with it (DOM-8)
/// @param settings what was asked for, done to the settings that are or to the default ones; throws
/// `IllegalArgumentException` with a sentence where the result cannot be
public record PublishingDraft(
        Edit<String> externalUrl,
        Edit<String> internalUrl,
        Edit<PreAuthentication> preAuthentication,
        Edit<String> alternateUrl,
        Edit<List<SegmentDraft>> segments,
        Optional<CertificateUpload> certificate,
        UnaryOperator<PublishingSettings> settings) {

    /// One part of a complex application as asked for.
    public record SegmentDraft(
            String externalUrl, String internalUrl, Edit<String> alternateUrl, List<CorsRule> corsRules) {
        public SegmentDraft {
            corsRules = List.copyOf(corsRules);
        }
    }

    /// The two things that every publication needs, the rest by default.
    public static PublishingDraft of(String internalUrl, Edit<String> externalUrl) {
        return new PublishingDraft(
                externalUrl,
                Edit.to(internalUrl),
                Edit.none(),
                Edit.none(),
                Edit.none(),
                Optional.empty(),
                UnaryOperator.identity());
    }
}
