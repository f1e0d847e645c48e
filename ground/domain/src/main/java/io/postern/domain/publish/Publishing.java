package io.postern.domain.publish;

import io.postern.domain.ExternalHost;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How an application is published (`onPremisesPublishing`, section 7.1).
///
/// @param segments those of a complex application (CPX-1); empty: all below the two URLs
public record Publishing(
        ExternalUrl externalUrl,
        InternalUrl internalUrl,
        PreAuthentication preAuthentication,
        List<Segment> segments,
        PublishingSettings settings) {

    public Publishing {
        if (preAuthentication == PreAuthentication.POSTERN
                && externalUrl.scheme().equals("http")) {
            externalUrl = new ExternalUrl("https", externalUrl.host(), externalUrl.path()); // PUB-1: https is forced
        }
        segments = List.copyOf(segments);
        checkWildcard(externalUrl, internalUrl);
        settings.signOn().checkWith(preAuthentication);
        settings.signOn().how().checkWith(internalUrl, !segments.isEmpty());
        Set<ExternalUrl> seen = new HashSet<>();
        for (Segment segment : segments) {
            segment.checkUnder(externalUrl);
            if (!seen.add(segment.externalUrl())) {
                throw new IllegalArgumentException(
                        "segment '" + segment.externalUrl() + "' is there twice; each must be unique (CPX-2)");
            }
        }
    }

    private static void checkWildcard(ExternalUrl external, InternalUrl internal) {
        if (external.host().isWildcard() != internal.isWildcard()) {
            throw new IllegalArgumentException("external URL '" + external + "' and internal URL '" + internal
                    + "' must both have a wildcard, or neither (PUB-7)");
        }
        if (!external.host().isWildcard()) {
            return;
        }
        if (external.scheme().equals("http")) {
            throw new IllegalArgumentException(
                    "external URL '" + external + "' is a wildcard, which must be https (PUB-7)");
        }
        if (!external.path().equals("/") || !internal.path().equals("/")) {
            throw new IllegalArgumentException("'" + external + "' and '" + internal
                    + "': a wildcard is published as a whole, without a path (PUB-7)");
        }
    }

    /// Whether users reach it on this host: by an external or alternate URL, its own or its segments'.
    public boolean isReachedOn(ExternalHost host) {
        if (host.isWildcard()) {
            return false;
        }
        return segments.isEmpty()
                ? externalUrl.host().covers(host)
                        || settings.alternateUrl()
                                .filter(url -> url.host().equals(host))
                                .isPresent()
                : segments.stream()
                        .anyMatch(s -> s.externalUrl().host().equals(host)
                                || s.alternateUrl()
                                        .filter(url -> url.host().equals(host))
                                        .isPresent());
    }

    /// The URLs beside the external one: segments, and alternate URLs.
    public Set<ExternalUrl> furtherUrls() {
        var urls = new HashSet<ExternalUrl>();
        settings.alternateUrl().ifPresent(urls::add);
        for (Segment segment : segments) {
            urls.add(segment.externalUrl());
            segment.alternateUrl().ifPresent(urls::add);
        }
        return urls;
    }

    /// With every setting at its default.
    public static Publishing of(ExternalUrl external, InternalUrl internal, PreAuthentication preAuthentication) {
        return new Publishing(external, internal, preAuthentication, List.of(), PublishingSettings.DEFAULT);
    }

    public Publishing with(PublishingSettings changed) {
        return new Publishing(externalUrl, internalUrl, preAuthentication, segments, changed);
    }
}
