package io.postern.domain.publish;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.directory.AppRole;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An application registration of a tenant: what signs users in (client id, redirect URIs) and, when
/// published, its on-premises block (1.1).
///
/// @param redirectUris without the listener's port where they lie under the base domain
/// @param group connector group; empty means the tenant's Default group (GRP-3)
/// @param appRoles what users and applications may be in it (ASG-7)
/// @param system made by Postern itself (My Apps, quickstart): not editable, not deletable by API
public record Application(
        TenantId tenant,
        ObjectId id,
        AppId appId,
        String displayName,
        List<String> identifierUris,
        List<String> redirectUris,
        Optional<String> homePageUrl,
        Optional<Publishing> publishing,
        Optional<ConnectorGroupId> group,
        boolean publicClient,
        boolean system,
        Instant created,
        List<AppRole> appRoles) {
    public Application {
        identifierUris = List.copyOf(identifierUris);
        redirectUris = List.copyOf(redirectUris);
        appRoles = List.copyOf(appRoles);
        if (displayName.isBlank() || displayName.length() > 120) {
            throw new IllegalArgumentException("displayName must have 1 to 120 characters");
        }
    }

    /// The same with these roles.
    public Application with(List<AppRole> roles) {
        return new Application(
                tenant,
                id,
                appId,
                displayName,
                identifierUris,
                redirectUris,
                homePageUrl,
                publishing,
                group,
                publicClient,
                system,
                created,
                roles);
    }

    /// A registration without app roles.
    public Application(
            TenantId tenant,
            ObjectId id,
            AppId appId,
            String displayName,
            List<String> identifierUris,
            List<String> redirectUris,
            Optional<String> homePageUrl,
            Optional<Publishing> publishing,
            Optional<ConnectorGroupId> group,
            boolean publicClient,
            boolean system,
            Instant created) {
        this(
                tenant,
                id,
                appId,
                displayName,
                identifierUris,
                redirectUris,
                homePageUrl,
                publishing,
                group,
                publicClient,
                system,
                created,
                List.of());
    }
}
