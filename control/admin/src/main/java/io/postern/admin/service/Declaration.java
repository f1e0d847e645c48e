package io.postern.admin.service;

import io.postern.domain.directory.AppRole;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A whole published application as somebody wants it to be; what is left out stays as it is, or has its default
/// in a new one. People, groups and connector groups are named as people name them.
///
/// @param displayName which application is meant
/// @param users assigned directly; all of them
/// @param groups assigned; all of them
/// @param inStepWith application whose assignments it takes over (STEP-1); then it has none of its own
/// @param registration what of the registration as OAuth client and resource is wanted
/// @param signOn what of the sign-on's document is wanted ([io.postern.domain.signon.SignOnDocument])
public record Declaration(
        String displayName,
        Edit<String> connectorGroup,
        Edit<String> homePageUrl,
        Edit<String> notes,
        Edit<Boolean> visible,
        Edit<Boolean> assignmentRequired,
        Edit<Boolean> enabled,
        Edit<List<DeclaredAssignment>> users,
        Edit<List<DeclaredAssignment>> groups,
        Edit<String> inStepWith,
        Registration registration,
        Optional<PublishingDraft> publishing,
        Optional<Map<String, @Nullable Object>> signOn) {
    /// App roles and scopes are told by their values: each tenant's application may have ids of its own for them.
    ///
    /// @param redirectUris of web applications, without those that follow from what is published
    public record Registration(
            Edit<List<AppRole>> appRoles,
            Edit<List<String>> redirectUris,
            Edit<Boolean> publicClient,
            ClientPatch client) {
        boolean isNothing() {
            return !(appRoles.given() || redirectUris.given() || publicClient.given()) && client.isNothing();
        }
    }
}
