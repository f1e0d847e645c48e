package io.postern.domain.snapshot;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.OwnHost;
import io.postern.domain.PreAuthentication;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.publish.Publishing;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An application as the data plane sees it.
///
/// @param externalUrl without the listener's port
/// @param publishing the settings; empty for an application that the control plane serves itself (My Apps)
/// @param upstream where admitted exchanges go
/// @param assigned users that may enter, group assignments already resolved to direct members (ASG-3)
/// @param enabled false: nobody gets in
/// @param replyPaths on its host, where it awaits posts of an identity provider's answers
public record PublishedApplication(
        TenantId tenant,
        AppId appId,
        String displayName,
        ExternalUrl externalUrl,
        Optional<Publishing> publishing,
        Upstream upstream,
        PreAuthentication preAuthentication,
        boolean assignmentRequired,
        AssignedUsers assigned,
        boolean enabled,
        Set<String> replyPaths) {
    public PublishedApplication {
        replyPaths = Set.copyOf(replyPaths);
    }

    /// Where the users are one set, shared with no other application.
    public PublishedApplication(
            TenantId tenant,
            AppId appId,
            String displayName,
            ExternalUrl externalUrl,
            Optional<Publishing> publishing,
            Upstream upstream,
            PreAuthentication preAuthentication,
            boolean assignmentRequired,
            Set<UserId> assigned,
            boolean enabled) {
        this(
                tenant,
                appId,
                displayName,
                externalUrl,
                publishing,
                upstream,
                preAuthentication,
                assignmentRequired,
                AssignedUsers.of(assigned),
                enabled,
                Set.of());
    }

    /// Nobody gets in for now, and is told so (1.2); health probes go on.
    public boolean inMaintenance() {
        return publishing.isPresent() && publishing.get().settings().maintenance();
    }

    /// Where users reach it: one place, or each segment of a complex application and nothing else (CPX-4).
    /// Costs a digest for each segment: for once in a snapshot.
    public List<Place> places() {
        return switch (upstream) {
            case Upstream.Local local -> List.of(Place.of(externalUrl));
            case Upstream.ConnectorGroup group ->
                publishing.map(p -> Place.of(p, group.backend())).orElse(List.of());
        };
    }

    /// The same as reached by another of its URLs.
    public PublishedApplication enteredBy(ExternalUrl entrance) {
        return entrance.equals(externalUrl)
                ? this
                : new PublishedApplication(
                        tenant,
                        appId,
                        displayName,
                        entrance,
                        publishing,
                        upstream,
                        preAuthentication,
                        assignmentRequired,
                        assigned,
                        enabled,
                        entrance.host().equals(externalUrl.host()) ? replyPaths : Set.of());
    }

    /// Where an admitted exchange goes.
    public sealed interface Upstream {
        /// Through a tunnel of this group.
        ///
        /// @param backend of the application's own internal URL; those of segments are told by [#places()]
        record ConnectorGroup(ConnectorGroupId group, Backend backend) implements Upstream {}

        /// To the control plane's door of this host.
        record Local(OwnHost host) implements Upstream {}
    }
}
