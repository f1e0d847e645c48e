package io.postern.admin.service;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A whole published application as somebody wants it to be; what is left out stays as it is, or has its default
/// in a new one. People, groups and connector groups are named as people name them.
///
/// @param displayName which application is meant
/// @param users assigned directly, by user principal name; all of them
/// @param groups assigned, by display name; all of them
/// @param signOn what of the sign-on's document is wanted ([io.postern.domain.signon.SignOnDocument])
public record Declaration(
        String displayName,
        Edit<String> connectorGroup,
        Edit<String> homePageUrl,
        Edit<String> notes,
        Edit<Boolean> visible,
        Edit<Boolean> assignmentRequired,
        Edit<Boolean> enabled,
        Edit<List<String>> users,
        Edit<List<String>> groups,
        Optional<PublishingDraft> publishing,
        Optional<Map<String, @Nullable Object>> signOn) {}
