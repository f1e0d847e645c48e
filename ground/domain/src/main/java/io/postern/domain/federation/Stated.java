package io.postern.domain.federation;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an upstream says of who signed in there. Only the subject tells people apart: it never goes to another person,
/// as names and addresses do.
///
/// @param attributes by our names
/// @param groups as the upstream calls them
public record Stated(
        String subject,
        Optional<String> userPrincipalName,
        Optional<String> displayName,
        Optional<String> givenName,
        Optional<String> surname,
        Optional<String> mail,
        Map<String, String> attributes,
        Set<String> groups) {
    static final int SUBJECT_MAX = 1024;

    public Stated {
        attributes = Map.copyOf(attributes);
        groups = Set.copyOf(groups);
    }
}
