package io.postern.admin.service;

import io.postern.domain.client.ClientSettings;
import io.postern.domain.publish.Application;
import io.postern.domain.signon.SamlSignOn;
import io.postern.store.ServicePrincipal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A whole application as it is: published, or signed on to.
///
/// @param connectorGroup its name
/// @param client what it says as an OAuth client and resource
/// @param signOn where something of it was set
/// @param users assigned directly, in order
/// @param groups assigned, in order
/// @param inStepWith name of the application whose assignments these are (STEP-1)
public record Declared(
        Application application,
        Optional<ServicePrincipal> principal,
        String connectorGroup,
        Optional<String> notes,
        List<DeclaredAssignment> users,
        List<DeclaredAssignment> groups,
        Optional<String> inStepWith,
        ClientSettings client,
        Optional<SamlSignOn> signOn) {
    public Declared {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
    }

    /// Redirect URIs of web applications that an administrator set: the others follow from what is published.
    public List<String> redirectUris() {
        Set<String> managed = ManagedParts.redirects(application.publishing());
        return application.redirectUris().stream()
                .filter(uri -> !managed.contains(uri))
                .toList();
    }

    /// Whether users or programs reach it in any way.
    boolean isSomething() {
        return application.publishing().isPresent()
                || signOn.isPresent()
                || !application.appRoles().isEmpty()
                || !redirectUris().isEmpty()
                || !client.equals(ClientSettings.DEFAULT);
    }
}
