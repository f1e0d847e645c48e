package io.postern.domain.publish;

import java.util.List;
import java.util.Optional;

/// What holds for all applications of a tenant.
///
/// @param requestsPerSecondMax of all its applications together; empty: no limit (1.12)
/// @param applicationRequestsPerSecondMax of each application that has no limit of its own; empty: no limit
/// @param language of pages where neither browser nor user says one that we speak, one of [#LANGUAGES]; empty: English
public record TenantSettings(
        Optional<Integer> requestsPerSecondMax,
        Optional<Integer> applicationRequestsPerSecondMax,
        Branding branding,
        Optional<String> language,
        SignInSettings signIn) {
    public static final TenantSettings DEFAULT = new TenantSettings(
            Optional.empty(), Optional.empty(), Branding.NONE, Optional.empty(), SignInSettings.DEFAULT);

    /// Every language that pages are written in.
    public static final List<String> LANGUAGES = List.of("en", "de");

    /// The limits of the original (1.12), as the profile `original`.
    public static final int ORIGINAL_PER_TENANT = 750;

    public static final int ORIGINAL_PER_APPLICATION = 500;

    public TenantSettings {
        if (requestsPerSecondMax.filter(max -> max < 1).isPresent()) {
            throw new IllegalArgumentException("requestsPerSecondMax must be 1 at least; null means no limit");
        }
        if (applicationRequestsPerSecondMax.filter(max -> max < 1).isPresent()) {
            throw new IllegalArgumentException(
                    "applicationRequestsPerSecondMax must be 1 at least; null means no limit");
        }
        language.filter(tag -> !LANGUAGES.contains(tag)).ifPresent(tag -> {
            throw new IllegalArgumentException(
                    "preferredLanguage '" + tag + "' is none that the pages are written in; use "
                            + String.join(" or ", LANGUAGES) + ", or null for English");
        });
    }
}
