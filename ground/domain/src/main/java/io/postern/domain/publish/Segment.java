package io.postern.domain.publish;

import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import java.util.List;
import java.util.Optional;

/// One part of a complex application (CPX-1): its own two URLs, under one sign-in with the others (CPX-5).
///
/// @param corsRules what other origins may do here; empty: preflights are blocked (PRE-4)
public record Segment(
        ExternalUrl externalUrl,
        InternalUrl internalUrl,
        Optional<ExternalUrl> alternateUrl,
        List<CorsRule> corsRules) {
    public Segment {
        corsRules = List.copyOf(corsRules);
    }

    void checkUnder(ExternalUrl application) {
        if (!application.host().isWildcard()) {
            throw new IllegalArgumentException("segments need an application with a wildcard, and '" + application
                    + "' has none; publish it as https://*.<domain>/, or leave the segments out (CPX-1)");
        }
        if (internalUrl.isWildcard()) {
            throw new IllegalArgumentException(
                    "internal URL '" + internalUrl + "' of a segment must name one host (CPX-1)");
        }
        checkUnder(application, externalUrl);
        alternateUrl.ifPresent(url -> checkUnder(application, url));
    }

    private static void checkUnder(ExternalUrl application, ExternalUrl url) {
        if (url.host().isWildcard()
                || !application.host().covers(url.host())
                || !url.scheme().equals("https")) {
            throw new IllegalArgumentException(
                    "segment '" + url + "' must be one https host under '" + application.host() + "' (CPX-1)");
        }
    }
}
