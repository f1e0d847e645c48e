package io.postern.domain.publish;

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
        Set<ExternalUrl> seen = new HashSet<>();
        for (Segment segment : segments) {
            if (!seen.add(segment.externalUrl())) {
                throw new IllegalArgumentException(
                        "segment '" + segment.externalUrl() + "' is there twice; each must be unique (CPX-2)");
            }
        }
    }

    /// With every setting at its default.
    public static Publishing of(ExternalUrl external, InternalUrl internal, PreAuthentication preAuthentication) {
        return new Publishing(external, internal, preAuthentication, List.of(), PublishingSettings.DEFAULT);
    }

    public Publishing with(PublishingSettings changed) {
        return new Publishing(externalUrl, internalUrl, preAuthentication, segments, changed);
    }
}
