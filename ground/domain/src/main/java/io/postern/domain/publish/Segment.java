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
}
