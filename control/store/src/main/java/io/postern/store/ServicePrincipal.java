package io.postern.store;

import io.postern.domain.AppId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;

/// The enterprise application: what users are assigned to (4.1).
///
/// @param tags `HideApp` hides the tile
public record ServicePrincipal(
        TenantId tenant,
        ServicePrincipalId id,
        AppId appId,
        String displayName,
        boolean accountEnabled,
        boolean appRoleAssignmentRequired,
        List<String> tags,
        Instant created) {
    public ServicePrincipal {
        tags = List.copyOf(tags);
    }

    /// The same, with or without the need of an assignment.
    public ServicePrincipal requiring(boolean assignment) {
        return new ServicePrincipal(tenant, id, appId, displayName, accountEnabled, assignment, tags, created);
    }

    public boolean isVisible() {
        return !tags.contains("HideApp");
    }
}
