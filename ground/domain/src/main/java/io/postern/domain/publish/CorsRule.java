package io.postern.domain.publish;

import java.util.List;

/// What pages of other origins may ask a segment for (1.7, `corsConfiguration_v2`).
///
/// @param resource path within the segment; `/` is all of it
/// @param allowedOrigins exact and case-sensitive, or `*` alone
/// @param allowedHeaders names, in lower case; a `*` at the end stands for any rest
/// @param allowedMethods or `*` alone
/// @param maxAgeSeconds how long browsers may remember the answer to a preflight
public record CorsRule(
        String resource,
        List<String> allowedOrigins,
        List<String> allowedHeaders,
        List<String> allowedMethods,
        int maxAgeSeconds) {
    public CorsRule {
        if (!resource.startsWith("/")) {
            throw new IllegalArgumentException("CORS resource '" + resource + "' must begin with '/'");
        }
        if (maxAgeSeconds < 0 || maxAgeSeconds > 86_400) {
            throw new IllegalArgumentException("maxAgeInSeconds " + maxAgeSeconds + " is outside 0 to 86400");
        }
        allowedOrigins = List.copyOf(allowedOrigins);
        allowedHeaders = List.copyOf(allowedHeaders);
        allowedMethods = List.copyOf(allowedMethods);
    }
}
